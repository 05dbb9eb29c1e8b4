import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPrerequisite } from '../../tools/local/prerequisites';

const run = promisify(execFile);

/** A keyring of its own in a temporary directory. */
export interface GpgHome {
  readonly dir: string;
  /** Runs gpg on it and gives its standard output. */
  gpg(...args: string[]): Promise<string>;
  /** Makes a key and gives its fingerprint; `expires` as gpg writes it. */
  generate(options?: {
    readonly name?: string;
    readonly passphrase?: string;
    readonly expires?: string;
    readonly usage?: 'sign' | 'cert';
  }): Promise<string>;
  remove(): Promise<void>;
}

/** Makes an empty keyring. Throws MissingPrerequisite where GnuPG is not installed. */
export async function createGpgHome(): Promise<GpgHome> {
  // Short: the path of the agent's socket may have 107 characters only.
  const dir = await mkdtemp(join(tmpdir(), 'belay-gpg-'));
  await writeFile(join(dir, 'gpg-agent.conf'), 's2k-count 65536\n');
  const start = (program: string, args: readonly string[]) =>
    run(program, args, { env: { PATH: process.env['PATH'], GNUPGHOME: dir, LC_ALL: 'C' } });
  const gpg = async (...args: string[]) =>
    (await start('gpg', ['--batch', '--no-tty', '--pinentry-mode', 'loopback', ...args])).stdout;
  await gpg('--version').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new MissingPrerequisite(
      'GnuPG (gpg) is not on the PATH; commits are signed with it.',
      'Install GnuPG with its agent, such as the packages gpg and gpg-agent of Debian.',
    );
  });
  return {
    dir,
    gpg,
    generate: async ({ name = 'Belay', passphrase = '', expires = 'never', usage = 'sign' } = {}) => {
      const who = `${name} <belay@example.com>`;
      await gpg('--passphrase', passphrase, '--quick-gen-key', who, 'ed25519', usage, expires);
      const list = (await gpg('--list-secret-keys', '--with-colons')).split('\n');
      return list.findLast((line) => line.startsWith('fpr:'))?.split(':')[9] ?? '';
    },
    remove: async () => {
      await start('gpgconf', ['--kill', 'all']).catch(() => undefined);
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
