import { git } from '../../tools/local/git-commits';
import type { Rollback } from './applications';
import { pathOf, type SharedRepository } from './repository';
import type { SecondWriter } from './second-writer';

/** What the branch looks like in the end. */
export interface Findings {
  readonly commits: number;
  /** Commits with our trailer. */
  readonly reverts: number;
  /** Everything that is not as it must be, in sentences; empty when all is well. */
  readonly faults: readonly string[];
}

/** A commit of the branch as `git log` tells. */
interface Logged {
  readonly revision: string;
  readonly run: string;
  readonly parents: number;
  readonly files: readonly string[];
}

/** Looks at every commit of the branch, and at what lies at its head. */
export async function verify(
  repository: SharedRepository,
  rollbacks: readonly Rollback[],
  { pushes, files }: SecondWriter,
): Promise<Findings> {
  const commits = await readLog(repository.dir);
  const reverts = commits.filter(({ run }) => run !== '');
  const byRun = Map.groupBy(reverts, ({ run }) => run);
  const faults: string[] = [];
  for (const { run, application, answer, revision } of rollbacks) {
    const found = byRun.get(run) ?? [];
    const [commit] = found;
    if (found.length !== 1) faults.push(`${run} has ${found.length} revert commits instead of 1`);
    if (answer !== 'pushed') faults.push(`${run} was answered ${answer} instead of pushed`);
    else if (commit?.revision !== revision)
      faults.push(`${run} was answered with another commit than its own`);
    const strays = (commit?.files ?? []).filter((file) => !file.startsWith(`${pathOf(application)}/`));
    if (strays.length > 0) faults.push(`${run} changed ${strays.join(', ')} too`);
  }
  if (reverts.length !== rollbacks.length)
    faults.push(`there are ${reverts.length} revert commits for ${rollbacks.length} rollbacks`);
  const all = new Set(commits.map(({ revision }) => revision));
  faults.push(
    ...rollbacks.filter(({ bad }) => !all.has(bad)).map(({ run }) => `the push before ${run} was lost`),
  );
  const expected = 1 + pushes + 2 * rollbacks.length;
  if (commits.length !== expected) faults.push(`there are ${commits.length} commits instead of ${expected}`);
  if (commits.some(({ parents }) => parents > 1)) faults.push('there are merge commits');
  faults.push(...(await compareHead(repository, rollbacks, files)));
  return { commits: commits.length, reverts: reverts.length, faults };
}

async function compareHead(
  { dir, first }: SharedRepository,
  rollbacks: readonly Rollback[],
  written: ReadonlyMap<string, string>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const application of new Set(rollbacks.map((each) => each.application))) {
    const path = pathOf(application);
    const [good, now] = await Promise.all(
      [first, 'main'].map((at) => git(dir, 'rev-parse', `${at}:${path}`)),
    );
    if (good !== now) faults.push(`${path} is not its good tree`);
  }
  for (const [path, text] of written)
    if (`${await git(dir, 'show', `main:${path}`)}\n` !== text)
      faults.push(`${path} is not what was written last`);
  return faults;
}

async function readLog(dir: string): Promise<Logged[]> {
  const format = '--format=%x00%H%x09%P%x09%(trailers:key=Belay-Run,valueonly,separator=%x2C)';
  const log = await git(dir, 'log', '--no-renames', '--name-only', format, 'main');
  return log
    .split('\0')
    .slice(1)
    .map((entry) => {
      const [head = '', ...files] = entry.split('\n').filter((line) => line !== '');
      const [revision = '', parents = '', run = ''] = head.split('\t');
      return { revision, run, parents: parents.split(' ').filter((id) => id !== '').length, files };
    });
}
