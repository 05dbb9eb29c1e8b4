import type { ListedApplication } from '../../client/list-applications';
import { stateWords } from '../../domain/explain-state';
import { shortRevision } from '../../domain/explain-time';
import { withIcon } from '../output/icons';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';

const narrow = ['NAME', 'SYNC', 'HEALTH', 'STATE', 'REVISION', 'SINCE', 'MESSAGE'];
const wideColumns = ['NAMESPACE', 'REPOSITORY', 'PATH', 'TARGET'];

/** Applications as a table, one a line. */
export function applicationListView(
  listed: readonly ListedApplication[],
  view: View,
  wide = false,
): string[] {
  if (listed.length === 0) return ['no applications; `belay app create -f FILE` adds one'];
  const header = wide ? [...narrow.slice(0, -1), ...wideColumns, 'MESSAGE'] : narrow;
  return table([header, ...listed.map((one) => row(one, view, wide))]);
}

function row(one: ListedApplication, view: View, wide: boolean): string[] {
  const { status } = one;
  const first =
    status === undefined
      ? [one.name, withIcon('Unknown', view.style), withIcon('Unknown', view.style), '-', '-', '-']
      : [
          one.name,
          withIcon(status.sync, view.style),
          withIcon(status.health, view.style),
          stateWords(status),
          status.state.synced === undefined ? '-' : shortRevision(status.state.synced),
          view.when(status.since),
        ];
  return [
    ...first,
    ...(wide ? wideCells(one) : []),
    oneLine(status?.message ?? one.problem ?? '').replace(/^held: /, ''),
  ];
}

function wideCells({ status, repo, namespace }: ListedApplication): string[] {
  const source = status?.spec.source;
  return [namespace ?? '-', repo ?? '-', source?.path ?? '-', source?.targetRevision ?? '-'];
}
