import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Names the directory that keeps built and downloaded tools between runs. */
export function cacheDir(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'belay');
}

/** Finds a file or directory of the source tree's `tools/`, from the sources as from `dist/`. */
export function toolsPath(...parts: string[]): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const tools = join(dir, 'tools');
    if (existsSync(join(tools, 'cluster', 'go.mod'))) return join(tools, ...parts);
  }
  throw new Error('The local cluster is built from the source tree (tools/cluster), which is not there.');
}
