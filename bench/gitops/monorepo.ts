import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One repository with a directory for each application. */
export interface Monorepo {
  readonly url: string;
  /** Commits these files (by path) and pushes; resolves when Git has taken it, with the revision and that moment. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<Pushed>;
}

export interface Pushed {
  readonly revision: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0'];

/** A bare repository in `dir`, and a clone to work in. */
export function createMonorepo(dir: string): Monorepo {
  const url = join(dir, 'monorepo.git');
  const clone = join(dir, 'clone');
  mkdirSync(clone, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', url]);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', clone]);
  return {
    url,
    async push(message, files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, path)), { recursive: true });
        writeFileSync(join(clone, path), text);
      }
      const git = async (...args: readonly string[]): Promise<string> =>
        (await run('git', [...who, ...args], { cwd: clone })).stdout.trim();
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      const revision = await git('rev-parse', 'HEAD');
      await git('push', '--quiet', url, 'main');
      return { revision, at: performance.now() };
    },
  };
}
