import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../programs/run';
import { cannotSign, type OpenSigner } from './signer';

/** A keyring that is to be made. */
export interface KeyringRequest {
  /** Empty directory, of nobody else: becomes gpg's home. */
  readonly home: string;
  /** One private key, armored or not protected by more than its passphrase. */
  readonly key: string;
  /** Where the key came from, for people. */
  readonly from: string;
  readonly passphraseFile: string | undefined;
}

const limits = { wallMs: 30_000, outputBytes: 1 << 20 };

/** Makes a keyring that holds the one key, and gives what makes git sign with it. Throws PortError when gpg is missing or the key cannot sign. */
export async function openKeyring(request: KeyringRequest, signal?: AbortSignal): Promise<OpenSigner> {
  const { home, key, from, passphraseFile } = request;
  const settings = [
    'batch',
    'no-tty',
    'trust-model always',
    'pinentry-mode loopback',
    ...(passphraseFile === undefined ? [] : [`passphrase-file ${passphraseFile}`]),
  ];
  await writeFile(join(home, 'gpg.conf'), `${settings.join('\n')}\n`, { mode: 0o600 });
  await writeFile(join(home, 'gpg-agent.conf'), 'disable-scdaemon\n', { mode: 0o600 });
  const keyFile = join(home, 'key');
  await writeFile(keyFile, key, { mode: 0o600 });
  const run = (command: string, args: readonly string[], stop?: AbortSignal) =>
    runProgram({
      command,
      args,
      env: envOf(home),
      cwd: home,
      limits,
      signal: stop ?? new AbortController().signal,
    });
  // The agent has detached itself: only this ends it at once. Without its directory it would end within a minute.
  const close = async (): Promise<void> => {
    await run('gpgconf', ['--kill', 'all']).catch(() => undefined);
  };
  try {
    const imported = await run('gpg', ['--quiet', '--import', keyFile], signal);
    const listed = await run('gpg', ['--list-secret-keys', '--with-colons'], signal);
    const fingerprint = signingKey(listed.stdout, from, imported.stderr);
    return {
      args: ['-S'],
      config: { 'gpg.format': 'openpgp', 'user.signingKey': fingerprint },
      env: { GNUPGHOME: home },
      close,
    };
  } catch (error: unknown) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw cannotSign(
      'OpenPGP signatures need the program gpg, which is not on the PATH of the worker; install GnuPG there, or sign with an SSH key',
      error,
    );
  }
}

function envOf(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, GNUPGHOME: home, LC_ALL: 'C' };
}

/** The fingerprint of the one key in the list of `gpg --with-colons`: validity is its second field, what it can do its twelfth. */
function signingKey(list: string, from: string, said: string): string {
  const rows = list.split('\n').map((line) => line.split(':'));
  const keys = rows.filter(([type]) => type === 'sec');
  const [key] = keys;
  if (key === undefined) {
    const words = said.trim().split('\n')[0] ?? '';
    throw cannotSign(
      `${from} holds no OpenPGP private key${words === '' ? '' : ` (${words})`}; write what gpg --armor --export-secret-keys gives`,
    );
  }
  if (keys.length > 1)
    throw cannotSign(`${from} holds ${keys.length} OpenPGP keys; leave the one that signs`);
  if (key[1] === 'e' || key[1] === 'r')
    throw cannotSign(
      `the OpenPGP key in ${from} ${key[1] === 'e' ? 'has expired' : 'was revoked'}; write another one`,
    );
  // A capital letter: the key or one of its subkeys can.
  if (key[11]?.includes('S') !== true) throw cannotSign(`the OpenPGP key in ${from} is not made for signing`);
  return rows.find(([type]) => type === 'fpr')?.[9] ?? '';
}
