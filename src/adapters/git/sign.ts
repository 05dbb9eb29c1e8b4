import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gist } from './errors';
import type { Signing } from './identity';
import { openKeyring } from './openpgp-keyring';
import { GitFailure } from './run-git';
import { describePlace, readSecret, type SecretPlace } from './secret-text';
import { cannotSign, type OpenSigner, type Signer } from './signer';

const unsigned: Signer = { args: [], config: {}, env: {} };
const prefix = 'belay-sign-';
/** Directories of processes that were killed while they signed go after so long. */
const keptMs = 3_600_000;

/**
 * Gives `use` what it takes to sign, and takes it away again: the key and its passphrase are read now and lie in a directory that
 * nobody else may enter, since ssh-keygen and gpg read them from there alone. No keyring, agent or configuration of the user takes part.
 * Throws PortError `Unauthenticated` when the key is missing or cannot sign.
 */
export async function withSigner<T>(
  signing: Signing | undefined,
  signal: AbortSignal | undefined,
  use: (signer: Signer) => Promise<T>,
): Promise<T> {
  if (signing === undefined) return await use(unsigned);
  await removeLeftovers();
  // Not below the mirrors: the socket of gpg's agent is in here, and the path of a socket may have 107 characters only.
  const dir = await mkdtemp(join(tmpdir(), prefix));
  try {
    const signer = await open(signing, dir, signal);
    try {
      return await use(signer);
    } catch (error: unknown) {
      throw explained(error, signing);
    } finally {
      await signer.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function open(signing: Signing, dir: string, signal: AbortSignal | undefined): Promise<OpenSigner> {
  const key = await mustRead('key', keyPlace(signing));
  const { passphraseVariable: variable, passphraseFile: file } = signing;
  const hasNone = variable === undefined && file === undefined;
  const passphraseFile = hasNone ? undefined : join(dir, 'passphrase');
  if (passphraseFile !== undefined)
    await keep(passphraseFile, (await mustRead('passphrase', { variable, file })).replace(/\r?\n$/, ''));
  if (signing.format === 'ssh') return await openSshKey(dir, key, passphraseFile);
  const from = describePlace(keyPlace(signing));
  return await openKeyring({ home: dir, key, from, passphraseFile }, signal);
}

async function openSshKey(dir: string, key: string, passphraseFile?: string): Promise<OpenSigner> {
  const keyFile = join(dir, 'key');
  await keep(keyFile, key);
  const askpass = join(dir, 'askpass');
  if (passphraseFile !== undefined)
    await writeFile(askpass, `#!/bin/sh\nexec cat '${passphraseFile}'\n`, { mode: 0o700 });
  return {
    args: ['-S'],
    config: { 'gpg.format': 'ssh', 'user.signingKey': keyFile },
    // Without a passphrase nobody is asked for one either, not even at a terminal.
    env: { SSH_ASKPASS: passphraseFile === undefined ? 'false' : askpass, SSH_ASKPASS_REQUIRE: 'force' },
    close: () => Promise.resolve(),
  };
}

/** OpenSSH refuses a key that others may read, or without a line break at its end. */
async function keep(path: string, text: string): Promise<void> {
  await writeFile(path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
}

async function mustRead(what: 'key' | 'passphrase', place: SecretPlace): Promise<string> {
  const text = await readSecret(place);
  if (text !== undefined) return text;
  throw cannotSign(`the ${what} of Belay's signature is missing or empty: ${describePlace(place)}`);
}

function keyPlace({ keyVariable: variable, keyFile: file }: Signing): SecretPlace {
  return { variable, file };
}

/** A failure of git that was about the signature. */
function explained(error: unknown, signing: Signing): unknown {
  if (!(error instanceof GitFailure) || error.reason === 'timeout') return error;
  const why = /cannot run ssh-keygen/i.test(error.text)
    ? 'the program ssh-keygen is not on the PATH of the worker; install OpenSSH there'
    : /incorrect passphrase|bad passphrase|no passphrase/i.test(error.text)
      ? `the passphrase of the key in ${describePlace(keyPlace(signing))} is missing or wrong`
      : /failed to sign|failed to write commit object|load key|couldn't load/i.test(error.text)
        ? `the key in ${describePlace(keyPlace(signing))} could not be used (git: ${gist(error.text)})`
        : undefined;
  return why === undefined ? error : cannotSign(why, error);
}

async function removeLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const dir of names.map((name) => join(tmpdir(), name))) {
    const info = await stat(dir).catch(() => undefined);
    if (info === undefined || info.uid !== process.getuid?.() || Date.now() - info.mtimeMs < keptMs) continue;
    await rm(dir, { recursive: true, force: true });
  }
}
