import type { ListedRelease } from '../../client';
import { withoutPrefix } from '../../domain/release/id';
import { hasEnded } from '../../domain/release/progress';
import { withIcon } from '../output/icons';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';

/** Releases as a table, one a line. */
export function releaseListView(listed: readonly ListedRelease[], view: View): string[] {
  if (listed.length === 0)
    return [
      'no releases; the annotation belay.dev/release on Applications declares one, and so does `belay release create -f FILE`',
    ];
  return table([
    ['NAME', 'STATE', 'NEWEST', 'MEMBERS', 'SINCE', 'MESSAGE'],
    ...listed.map((one) => row(one, view).map(oneLine)),
  ]);
}

function row({ name, releases, release, problem = '' }: ListedRelease, view: View): string[] {
  if (releases === undefined) return [name, withIcon('Unknown', view.style), '-', '-', '-', problem];
  const members = String(Object.keys(releases.members).length);
  if (releases.problems.length > 0 && releases.running === undefined) {
    const [first] = releases.problems;
    return [name, withIcon('Held', view.style), '-', members, '-', first?.message ?? ''];
  }
  if (release === undefined)
    return [name, withIcon('Unknown', view.style), '-', members, '-', 'nothing was released yet'];
  const { phase, id, since, message } = release;
  const waiting = releases.queued === undefined || hasEnded(release) ? '' : '; another one waits';
  return [
    name,
    withIcon(phase, view.style),
    withoutPrefix(id),
    members,
    view.when(since),
    `${message}${waiting}`,
  ];
}
