import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../programs/run';
import { cannotSign, type KeyRequest, type OpenSigner } from './signer';

const limits = { wallMs: 30_000, outputBytes: 1 << 20 };

/** Gives what makes git sign with a key of OpenSSH. Throws PortError when ssh-keygen is missing or the key cannot be used. */
export async function openSshKey(request: KeyRequest, signal: AbortSignal): Promise<OpenSigner> {
  const { dir, key, from, passphraseFile } = request;
  const keyFile = join(dir, 'key');
  // OpenSSH refuses a key that others may read, or without a line break at its end.
  await writeFile(keyFile, key.endsWith('\n') ? key : `${key}\n`, { mode: 0o600 });
  const askpass = join(dir, 'askpass');
  if (passphraseFile !== undefined)
    await writeFile(askpass, `#!/bin/sh\nexec cat '${passphraseFile}'\n`, { mode: 0o700 });
  // Without a passphrase nobody is asked for one either, not even at a terminal.
  const env = { SSH_ASKPASS: passphraseFile === undefined ? 'false' : askpass, SSH_ASKPASS_REQUIRE: 'force' };
  const { end, stdout, stderr } = await runProgram({
    command: 'ssh-keygen',
    args: ['-y', '-f', keyFile],
    env: { PATH: process.env['PATH'] ?? '', HOME: dir, LC_ALL: 'C', ...env },
    cwd: dir,
    limits,
    signal,
  });
  if (end !== 0)
    throw cannotSign(
      /incorrect passphrase/i.test(stderr)
        ? `the passphrase of the key in ${from} is missing or wrong`
        : `${from} holds no private key that ssh-keygen can use; write one of ssh-keygen -t ed25519`,
    );
  // Keys in PEM do not hold their public half, and signing wants it.
  await writeFile(`${keyFile}.pub`, stdout, { mode: 0o600 });
  return {
    args: ['-S'],
    config: { 'gpg.format': 'ssh', 'user.signingKey': keyFile },
    env,
    close: () => Promise.resolve(),
  };
}
