import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberSecrets } from '../../ports/known-secrets';
import type { Signing } from './identity';
import { openKeyring } from './openpgp-keyring';
import { describePlace, readSecret, type SecretPlace } from './secret-text';
import { openSshKey } from './ssh-key';
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
  const dir = await mkdtemp(join(temporary(), prefix));
  try {
    const signer = await open(signing, dir, signal ?? new AbortController().signal);
    try {
      return await use(signer);
    } finally {
      await signer.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function open(signing: Signing, dir: string, signal: AbortSignal): Promise<OpenSigner> {
  const { passphraseVariable: variable, passphraseFile: file, format } = signing;
  const at = { variable: signing.keyVariable, file: signing.keyFile };
  const key = await mustRead('key', at);
  const passphraseFile = variable === undefined && file === undefined ? undefined : join(dir, 'passphrase');
  if (passphraseFile !== undefined) {
    const passphrase = await mustRead('passphrase', { variable, file });
    rememberSecrets(passphrase);
    await writeFile(passphraseFile, `${passphrase.replace(/\r?\n$/, '')}\n`, { mode: 0o600 });
  }
  const request = { dir, key, from: describePlace(at), passphraseFile };
  const [program, software] = format === 'ssh' ? ['ssh-keygen', 'OpenSSH'] : ['gpg', 'GnuPG'];
  try {
    return await (format === 'ssh' ? openSshKey(request, signal) : openKeyring(request, signal));
  } catch (error: unknown) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const why = `the program ${program} is not on the PATH of the worker; install ${software} there`;
    throw cannotSign(why, error);
  }
}

async function mustRead(what: 'key' | 'passphrase', place: SecretPlace): Promise<string> {
  const text = await readSecret(place);
  if (text !== undefined) return text;
  throw cannotSign(`the ${what} of Belay's signature is missing or empty: ${describePlace(place)}`);
}

/** Where git puts its temporary files, too. */
function temporary(): string {
  return process.env['TMPDIR'] ?? tmpdir();
}

async function removeLeftovers(): Promise<void> {
  const names = (await readdir(temporary())).filter((name) => name.startsWith(prefix));
  for (const dir of names.map((name) => join(temporary(), name))) {
    const info = await stat(dir).catch(() => undefined);
    if (info === undefined || info.uid !== process.getuid?.() || Date.now() - info.mtimeMs < keptMs) continue;
    await rm(dir, { recursive: true, force: true });
  }
}
