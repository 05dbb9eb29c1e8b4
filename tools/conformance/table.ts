import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, inspect } from 'node:util';

/** One row: what it is about, and what we make of it. */
export interface Row {
  readonly name: string;
  /** Undefined when it is as expected, else what differs. */
  readonly check: () => string | undefined;
  /** What Belay does instead of what Argo does, on purpose: then that is what is checked. */
  readonly differs?: string;
}

export interface Table {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** A row that compares two values; `differs` says what is on purpose not as Argo has it. */
export function row(name: string, expected: unknown, ours: () => unknown, differs?: string): Row {
  return {
    name,
    ...(differs === undefined ? {} : { differs }),
    check: () => {
      const found = ours();
      if (isDeepStrictEqual(found, expected)) return undefined;
      return `expected ${oneLine(expected)}, got ${oneLine(found)}`;
    },
  };
}

function oneLine(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 8 });
}

/** A path below the repository, from the sources as from `dist/`. */
export function inRepository(...parts: readonly string[]): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir))
    if (existsSync(join(dir, 'test', 'fixtures', 'conformance'))) return join(dir, ...parts);
  throw new Error('the tables are in test/fixtures/conformance of the source tree, which is not there');
}

/** A table of `test/fixtures/conformance`; its shape is the reader's knowledge. */
export function readTable<T>(name: string): T {
  return JSON.parse(readFileSync(inRepository('test', 'fixtures', 'conformance', name), 'utf8')) as T;
}
