import { cell, clock, detailsLimit, fitting, tableOf } from '../markdown';
import { describeProblem } from '../problem';
import type { ReleasesState } from './releases-state';

/** What the entity of a release's name knows, as Markdown for Temporal's UI ("current details"), at most 8 000 bytes. */
export function releasesDetails(name: string, state: ReleasesState): string {
  const { running, queued, problems, members, history, answer } = state;
  const rows = Object.values(members)
    .sort((a, b) => (a.application < b.application ? -1 : 1))
    .map(({ application, head, isBehind, isAutomated, at }) => [
      cell(application, 60),
      head.slice(0, 12),
      isBehind ? (isAutomated ? 'behind' : 'behind, comes out when asked') : 'out',
      clock(at),
    ]);
  const ends = history.map(({ id, phase, message }) => `- ${id}: ${phase}. ${cell(message, 300)}`);
  const lines = [
    `**release ${name}**: ${running === undefined ? 'none under way' : `${running.id} since ${clock(running.since)}`}`,
    ...(queued === undefined ? [] : ['', `waits since ${clock(queued.since)}: ${cell(queued.reason, 300)}`]),
    ...(answer === undefined ? [] : ['', `${clock(answer.at)} ${cell(answer.text, 300)}`]),
    ...(problems.length === 0
      ? []
      : ['', ...problems.map((each) => `- ${cell(describeProblem(each), 300)}`)]),
    ...(ends.length === 0 ? [] : ['', ...ends]),
    ...tableOf(['member', 'head', 'state', 'since'], rows),
  ];
  return fitting(lines, detailsLimit).join('\n');
}
