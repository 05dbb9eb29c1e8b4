import { withoutPrefix } from '../../domain/release/id';
import { formatMillis } from '../../domain/duration';
import { shortRevision } from '../../domain/explain-time';
import { describeProblem } from '../../domain/problem';
import { isWanting } from '../../domain/release/gather';
import type { MemberHead, ReleasesState } from '../../domain/release/releases-state';
import { withIcon } from '../output/icons';
import { fieldList, oneLine, table } from '../output/table';
import type { View } from '../output/view';

const historyShown = 5;

/** What is known of a release's name: what it is made of, what keeps it from coming out, what waits, and what was before. */
export function releasesLines(name: string, state: ReleasesState, view: View, wide = false): string[] {
  const { problems, file, members, running, queued, answer } = state;
  const count = Object.keys(members).length;
  const by = file === undefined ? 'annotations of its members' : 'a release file';
  return [
    ...fieldList([
      ['Release', name],
      ['Declared by', `${by}, ${count} ${count === 1 ? 'member' : 'members'} known`],
      [
        'Under way',
        running === undefined ? 'nothing' : `${withoutPrefix(running.id)} (${view.when(running.since)})`,
      ],
      [
        'Answer',
        answer === undefined ? undefined : view.style.busy(`${answer.text} (${view.when(answer.at)})`),
      ],
      ['Waiting', queued === undefined ? undefined : `${queued.reason} (${view.when(queued.since)})`],
    ]),
    ...section(
      'Problems',
      problems.map((problem) => view.style.bad(`✖ ${oneLine(describeProblem(problem))}`)),
    ),
    ...(running === undefined ? section('Not released yet', behind(name, state)) : []),
    ...section('History', history(state, view, wide)),
  ];
}

function behind(name: string, state: ReleasesState): string[] {
  const waiting = Object.values(state.members).filter(({ isBehind }) => isBehind);
  return table(
    waiting
      .sort((a, b) => (a.application < b.application ? -1 : 1))
      .map((each) => [each.application, shortRevision(each.head), waitText(name, each, state)]),
  );
}

function waitText(name: string, head: MemberHead, state: ReleasesState): string {
  if (!head.isAutomated) return `waits for \`belay release start ${name}\``;
  return isWanting(state, head)
    ? 'comes out by itself'
    : `went back with its release: push a fix, or \`belay release retry ${name}\``;
}

function history({ history: entries }: ReleasesState, view: View, wide: boolean): string[] {
  if (entries.length === 0) return [];
  const rows = (wide ? entries : entries.slice(0, historyShown)).map((each) => [
    withoutPrefix(each.id),
    withIcon(each.phase, view.style),
    view.when(each.endedAt),
    formatMillis(each.endedAt - each.startedAt),
    oneLine(each.message),
  ]);
  return table([['RELEASE', 'RESULT', 'ENDED', 'TOOK', 'MESSAGE'], ...rows]);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
