import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A program of the version that Belay is built and tested with. */
export interface PinnedProgram {
  readonly name: string;
  readonly version: string;
  /** The environment variable that may hold its path. */
  readonly variable: string;
}

/**
 * Path of a program: the one that was given, else the variable's, else `bin/` of the installation, else the cache of built tools,
 * else the PATH. Undefined when it is nowhere; a path that was given is not looked at.
 */
export function findProgram(program: PinnedProgram, given?: string): string | undefined {
  return given ?? process.env[program.variable] ?? places(program).find((place) => existsSync(place));
}

function places({ name, version }: PinnedProgram): string[] {
  const installation = above(__dirname).find((dir) => existsSync(join(dir, 'package.json')));
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'belay');
  const prefix = `${name}-${version}-`;
  const built = existsSync(cache)
    ? readdirSync(cache).filter(
        (entry) => entry.startsWith(prefix) && /^[0-9a-f]+$/.test(entry.slice(prefix.length)),
      )
    : [];
  return [
    ...(installation === undefined ? [] : [join(installation, 'bin', name)]),
    ...built.sort().map((entry) => join(cache, entry, name)),
    ...(process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((dir) => dir.startsWith('/'))
      .map((dir) => join(dir, name)),
  ];
}

function above(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...above(parent)];
}
