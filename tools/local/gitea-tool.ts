import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from './cache';
import { runCommand } from './command';
import { checkGoBuild, whyNoCCompiler } from './prerequisites';

const VERSION = '1.25.0';
const MODULE = 'code.gitea.io/gitea';
/** Of the module, and so of its go.sum, which pins everything that it is built from. */
const CHECKSUM = 'h1:KnOtMEYQU4Axsu73NiyRhb5E7Q05i8AYp0Ke9shVQ1w=';
/** What the program reads beside itself: pages, translations and templates of files, icons. */
const ASSETS = ['templates', 'options', 'public'];

/** Returns Gitea, built at first use, with its `templates`, `options` and `public` in the same directory. */
export function ensureGitea(): Promise<string> {
  return ensureTool({
    name: 'gitea',
    version: VERSION,
    sources: [],
    label: `building gitea ${VERSION} (first time only, about 5 min on 2 cores)`,
    make,
  });
}

/**
 * Gitea is built where its module lies and not as part of one of ours: its go.mod replaces modules, which counts in a main module
 * only. SQLite is C.
 */
async function make(directory: string): Promise<void> {
  await checkGoBuild();
  const missing = whyNoCCompiler();
  if (missing !== undefined) throw missing;
  const module = await download();
  const flags = ['-tags', 'sqlite sqlite_unlock_notify', '-buildvcs=false', '-trimpath', '-mod=readonly'];
  const ldflags = ['-ldflags', `-s -w -X main.Version=${VERSION}`];
  const env = { ...process.env, CGO_ENABLED: '1', GOFLAGS: '', GOWORK: 'off' };
  await runCommand('go', ['build', ...flags, ...ldflags, '-o', join(directory, 'gitea'), '.'], {
    cwd: module,
    env,
  });
  for (const name of ASSETS) await cp(join(module, name), join(directory, name), { recursive: true });
  // The module cache is read-only, and a directory that nobody may write to cannot be removed either.
  await runCommand('chmod', ['-R', 'u+w', directory]);
}

/** Fetches the module and gives its directory. */
async function download(): Promise<string> {
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' };
  const { stdout } = await runCommand('go', ['mod', 'download', '-json', `${MODULE}@v${VERSION}`], { env });
  const { Dir: dir, Sum: sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (sum === CHECKSUM) return dir;
  throw new Error(`${MODULE} ${VERSION} has the checksum ${sum}, not ${CHECKSUM}: it is not what was pinned`);
}
