import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../programs/run';
import { cannotSign, type KeyRequest, type OpenSigner } from './signer';

const limits = { wallMs: 30_000, outputBytes: 1 << 20 };

/**
 * Makes a keyring that holds the one key, and gives what makes git sign with it. Throws PortError when gpg is missing or the key
 * cannot sign: git itself would not say why.
 */
export async function openKeyring(request: KeyRequest, signal: AbortSignal): Promise<OpenSigner> {
  const { dir, key, from, passphraseFile } = request;
  const settings = [
    'batch',
    'no-tty',
    'trust-model always',
    'pinentry-mode loopback',
    ...(passphraseFile === undefined ? [] : [`passphrase-file ${passphraseFile}`]),
  ];
  const keyFile = join(dir, 'key');
  // The passphrase lies beside the key: making it costly to guess would only cost time.
  const agent = ['disable-scdaemon', 's2k-count 65536'];
  const files = { 'gpg.conf': settings.join('\n'), 'gpg-agent.conf': agent.join('\n'), key };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(dir, name), `${text}\n`, { mode: 0o600 });
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, GNUPGHOME: dir, LC_ALL: 'C' };
  const run = { env, cwd: dir, limits };
  const gpg = (...args: string[]) => runProgram({ ...run, command: 'gpg', args, signal });
  // The agent has detached itself: this ends it at once. Where it cannot, the agent misses its directory within a minute.
  const close = async (): Promise<void> => {
    const { signal: never } = new AbortController();
    await runProgram({ ...run, command: 'gpgconf', args: ['--kill', 'all'], signal: never }).catch(
      () => undefined,
    );
  };
  try {
    const imported = await gpg('--quiet', '--import', keyFile);
    const listed = await gpg('--list-secret-keys', '--with-colons');
    const fingerprint = signingKey(listed.stdout, from, imported.stderr);
    const tried = await gpg(
      '--local-user',
      fingerprint,
      '--output',
      join(dir, 'try'),
      '--detach-sign',
      keyFile,
    );
    if (tried.end !== 0) throw cannotSign(whyNot(tried.stderr, from));
    const config = { 'gpg.format': 'openpgp', 'user.signingKey': fingerprint };
    return { args: ['-S'], config, env: { GNUPGHOME: dir }, close };
  } catch (error: unknown) {
    await close();
    throw error;
  }
}

/** The fingerprint of the one key in the list of `gpg --with-colons`: validity is its second field, what it can do its twelfth. */
function signingKey(list: string, from: string, said: string): string {
  const rows = list.split('\n').map((line) => line.split(':'));
  const keys = rows.filter(([type]) => type === 'sec');
  const [key] = keys;
  if (key === undefined) {
    const words = lastLine(said);
    throw cannotSign(
      `${from} holds no OpenPGP private key${words === '' ? '' : ` (${words})`}; write what gpg --armor --export-secret-keys gives`,
    );
  }
  if (keys.length > 1)
    throw cannotSign(`${from} holds ${keys.length} OpenPGP keys; leave the one that signs`);
  if (key[1] === 'e' || key[1] === 'r') {
    const what = key[1] === 'e' ? 'has expired' : 'was revoked';
    throw cannotSign(`the OpenPGP key in ${from} ${what}; write another one`);
  }
  // A capital letter: the key or one of its subkeys can.
  if (key[11]?.includes('S') !== true) throw cannotSign(`the OpenPGP key in ${from} is not made for signing`);
  return rows.find(([type]) => type === 'fpr')?.[9] ?? '';
}

function whyNot(said: string, from: string): string {
  if (/bad passphrase|no passphrase|can't get input/i.test(said))
    return `the passphrase of the key in ${from} is missing or wrong`;
  return `the OpenPGP key in ${from} could not be used (${lastLine(said)})`;
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
