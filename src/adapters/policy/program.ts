import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The program of tools/policies: OPA's evaluator, and nothing else of OPA. */
export const regoProgram = 'belay-rego';
/** Of OPA, as pinned by tools/policies/go.mod. */
export const regoVersion = '1.22.2';

/** Finds it: the path that was given, else `BELAY_REGO`, else `bin/` of the installation, the cache of built tools, the PATH. */
export function findRego(given?: string): string | undefined {
  return given ?? process.env['BELAY_REGO'] ?? places().find((place) => existsSync(place));
}

function places(): string[] {
  const installation = above(__dirname).find((dir) => existsSync(join(dir, 'package.json')));
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'belay');
  const built = existsSync(cache)
    ? readdirSync(cache).filter((name) => new RegExp(`^${regoProgram}-${regoVersion}-[0-9a-f]+$`).test(name))
    : [];
  return [
    ...(installation === undefined ? [] : [join(installation, 'bin', regoProgram)]),
    ...built.sort().map((entry) => join(cache, entry, regoProgram)),
    ...(process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((dir) => dir.startsWith('/'))
      .map((dir) => join(dir, regoProgram)),
  ];
}

function above(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...above(parent)];
}
