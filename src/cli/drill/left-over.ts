import { takeBackMessage } from '../../domain/drill/message';
import { ClientError } from '../../client/client-error';
import { drillCommits, type DrillClone, type NewFile } from './clone';

/** What drills have left at the head of a branch: files that are still as a drill made them, as they were before it. */
export interface LeftOver {
  readonly ids: readonly string[];
  readonly files: ReadonlyMap<string, NewFile>;
}

const mostTries = 5;

/**
 * Finds what drills have left below some paths. Contents count, not commits: what somebody, or Belay, has changed since is theirs, and to
 * look twice finds the same.
 */
export async function findLeftOver(clone: DrillClone, paths: readonly string[]): Promise<LeftOver> {
  const head = await clone.head();
  const ids: string[] = [];
  const files = new Map<string, NewFile>();
  for (const [commit, id] of await drillCommits(clone, head, paths)) {
    for (const [file, { before, after }] of await changesOf(clone, commit)) {
      if (files.has(file) || !isSame(await entryAt(clone, head, file), after)) continue;
      files.set(file, before);
      if (!ids.includes(id)) ids.push(id);
    }
  }
  return { ids, files };
}

/** Takes out of Git what drills have left, by one commit on top; answers it, or undefined where nothing was left. */
export async function takeOut(
  clone: DrillClone,
  name: string,
  paths: readonly string[],
): Promise<string | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    await clone.refresh();
    const { ids, files } = await findLeftOver(clone, paths);
    if (files.size === 0) return undefined;
    const revision = await clone.commit(files, takeBackMessage(name, ids));
    if (await clone.push(revision)) return revision;
  }
  throw new ClientError('Failed', `others push to the branch all the time: nothing could be pushed`, {
    remedy: `run \`belay drill ${name} --clean-up\` again`,
  });
}

interface Entry {
  readonly mode: string;
  readonly blob: string;
}

interface Change {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** What a commit changed against its parent; nothing where the parent lies beyond what was cloned. */
async function changesOf({ git }: DrillClone, commit: string): Promise<ReadonlyMap<string, Change>> {
  const raw = await git.attempt([
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    `${commit}^`,
    commit,
  ]);
  const parts = (raw ?? '').split('\0');
  const changes = new Map<string, Change>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [modeBefore = '', modeAfter = '', before = '', after = ''] = (parts[at] ?? '').slice(1).split(' ');
    changes.set(parts[at + 1] ?? '', {
      before: entryOf(modeBefore, before),
      after: entryOf(modeAfter, after),
    });
  }
  return changes;
}

function entryOf(mode: string, blob: string): Entry | undefined {
  return /^0+$/.test(mode) ? undefined : { mode, blob };
}

async function entryAt({ git }: DrillClone, revision: string, file: string): Promise<Entry | undefined> {
  const listed = await git.run(['ls-tree', '-z', revision, '--', file]);
  const [mode, , blob] = (listed.split('\t')[0] ?? '').split(' ');
  return mode === undefined || blob === undefined ? undefined : { mode, blob };
}

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}
