import { withoutCredentials } from '../../client/repo-url';
import type { UndoPreview } from '../../client';
import { shortRevision } from '../../domain/explain-time';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';

type Restore = UndoPreview['restores'][number];
type Change = Restore['changes'][number];

const signs = { added: '+', deleted: '-', modified: '~', mode: '~', type: '~' } as const;

const ways: Readonly<Record<UndoPreview['writeBack'], string>> = {
  revert: 'one commit is pushed',
  'pull-request': 'a pull request is opened, and the application waits for it',
  'pull-request-if-protected':
    'one commit is pushed; where the branch is protected, a pull request is opened',
  hold: 'one commit is pushed',
  off: 'nothing is written',
};

/** What an undo would write: each branch with the files that would change, `+` for what comes back and `-` for what goes. */
export function undoView(name: string, preview: UndoPreview, view: View): string[] {
  const { target, restores, writeBack } = preview;
  const count = restores.flatMap(({ changes }) => changes).length;
  const entry = target.id === undefined ? '' : `, entry ${target.id} of the history`;
  const goes = `${name} would go back to ${shortRevision(target.revision)} (${view.when(target.at)}${entry})`;
  return [
    ...restores.flatMap((each) => [...restoreLines(each, view), '']),
    count === 0 ? `${goes}: Git has its content already` : `${goes}: ${ways[writeBack]}`,
    view.style.dim('nothing was changed'),
  ];
}

function restoreLines({ repoUrl, branch, bad, good, paths, changes }: Restore, { style }: View): string[] {
  const to = branch.replace(/^refs\/heads\//, '');
  const moved = `${shortRevision(bad)}..${shortRevision(good)}`;
  const lines = total(changes);
  const files = `${changes.length} ${changes.length === 1 ? 'file' : 'files'}`;
  return [
    style.bold(oneLine(`${withoutCredentials(repoUrl)} ${to}`)),
    `  ${oneLine(paths.join(', '))} ${style.dim(`(${moved})`)}`,
    ...table(changes.map((each) => changeCells(each))).map((line, index) =>
      colourOf(changes[index]?.change, style)(`  ${line}`),
    ),
    style.dim(`  ${files}, +${lines.added} -${lines.removed}`),
  ];
}

function changeCells({ path, change, added, removed }: Change): string[] {
  const kind = change === 'modified' ? '' : change === 'type' ? 'another type of file' : change;
  const counts = added === undefined || removed === undefined ? 'no text' : `+${added} -${removed}`;
  return [`${signs[change]} ${oneLine(path)}`, change === 'mode' && added === undefined ? '' : counts, kind];
}

function colourOf(change: Change['change'] | undefined, style: View['style']): (text: string) => string {
  if (change === 'added') return style.good;
  return change === 'deleted' ? style.bad : style.busy;
}

function total(changes: readonly Change[]): { readonly added: number; readonly removed: number } {
  const sum = (pick: (change: Change) => number | undefined) =>
    changes.reduce((count, each) => count + (pick(each) ?? 0), 0);
  return { added: sum(({ added }) => added), removed: sum(({ removed }) => removed) };
}
