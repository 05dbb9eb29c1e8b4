import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program in the place of kubectl that writes down what it is asked; what it says is in files beside it. */
const fake = `#!/bin/sh
dir=$(dirname "$0")
shift
[ "$1" = --context ] && shift 2
verb=$1; [ "$2" = --dry-run=server ] && verb=dry-run
printf "%s\\n" "$*" >> "$dir/calls"
[ "$verb" = create ] && /bin/cat >> "$dir/input"
[ -e "$dir/$verb.fails" ] && { /bin/cat "$dir/$verb.fails" >&2; exit 1; }
[ -e "$dir/$verb" ] && /bin/cat "$dir/$verb"
exit 0
`;

export interface FakeKubectl {
  readonly dir: string;
  /** A PATH with it before everything else. */
  readonly path: string;
  /** What a verb answers from now on; of `<verb>.fails`, what it complains about. */
  says(verb: string, text: string): Promise<void>;
  /** Its arguments so far, a line a call. */
  calls(): Promise<readonly string[]>;
  /** What it was given to create. */
  input(): Promise<unknown>;
  remove(): Promise<void>;
}

export async function fakeKubectl(): Promise<FakeKubectl> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-kubectl-'));
  await writeFile(join(dir, 'kubectl'), fake);
  await chmod(join(dir, 'kubectl'), 0o755);
  return {
    dir,
    path: `${dir}:${process.env['PATH'] ?? ''}`,
    says: (verb, text) => writeFile(join(dir, verb), text),
    calls: async () => (await readFile(join(dir, 'calls'), 'utf8')).trimEnd().split('\n'),
    input: async () => JSON.parse(await readFile(join(dir, 'input'), 'utf8')) as unknown,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
