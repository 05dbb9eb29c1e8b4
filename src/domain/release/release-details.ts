import { cell, clock, tableOf, withLog } from '../markdown';
import { messageOf } from './message';
import { membersOf } from './progress';
import type { ReleaseState } from './state';

/**
 * A release as Markdown for Temporal's UI ("current details"), at most 8 000 bytes: a sentence, a table of members in the order in which
 * they come out with what each waits for, what was written to Git, and the newest entries of the log.
 */
export function releaseDetails(state: ReleaseState): string {
  const { spec, phase, message, since, reverts = [] } = state;
  const head = `**release ${spec.name}**: ${phase}. ${message.slice(0, 600)} (since ${clock(since)})`;
  const rows = membersOf(state).map(({ application, wave, stage, since: at }) => [
    String(wave + 1),
    cell(application, 60),
    stage,
    cell(messageOf(state, application), 160),
    clock(at),
  ]);
  const git = reverts.map(
    ({ repoUrl, result, revision = '', why = '' }) =>
      `- Git ${cell(repoUrl, 120)}: ${result} ${revision.slice(0, 12)} ${cell(why, 200)}`,
  );
  const parts = [
    head,
    ...tableOf(['wave', 'member', 'state', 'why', 'since'], rows),
    ...(git.length === 0 ? [] : ['', ...git]),
  ];
  return withLog(parts, state.log);
}
