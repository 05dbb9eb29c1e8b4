import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A team's repository: a bare one that Belay reads and writes, and a clone to work in. */
export interface DemoRepository {
  readonly url: string;
  readonly clone: string;
  /** Writes files below the repository's path, commits on the newest head and pushes; answers the revision. */
  push(message: string, files: Readonly<Record<string, string>>): string;
  git(...args: readonly string[]): string;
}

const person = ['-c', 'user.name=Dana Developer', '-c', 'user.email=dana@example.com'];

/** Creates the repository in `dir`, empty; what is pushed goes below `path`. */
export function createRepository(dir: string, path: string): DemoRepository {
  const url = join(dir, 'shop.git');
  const clone = join(dir, 'shop');
  const run = (cwd: string, args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  mkdirSync(dir, { recursive: true });
  run(dir, ['init', '--quiet', '--bare', '--initial-branch=main', url]);
  run(dir, ['clone', '--quiet', url, clone]);
  run(clone, ['checkout', '--quiet', '-B', 'main']);
  return {
    url,
    clone,
    git: (...args) => run(url, args),
    push(message, files) {
      if (run(url, ['for-each-ref', 'refs/heads/main']) !== '') {
        run(clone, ['fetch', '--quiet', 'origin']);
        run(clone, ['reset', '--quiet', '--hard', 'origin/main']);
      }
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, path, name)), { recursive: true });
        writeFileSync(join(clone, path, name), content);
      }
      run(clone, ['add', '--all']);
      run(clone, [...person, 'commit', '--quiet', '--message', message]);
      run(clone, ['push', '--quiet', 'origin', 'main']);
      return run(clone, ['rev-parse', 'HEAD']);
    },
  };
}
