import type { HistoryEntry } from '../../domain/application-state';
import type { ApplicationStatus } from '../../domain/application-status';
import { shortRevision } from '../../domain/explain-time';
import { planUndo } from '../../domain/write-back/plan-undo';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';

/** Deployments as a table, newest first as they are kept; nothing for an empty history. */
export function historyTable(history: readonly HistoryEntry[], view: View): string[] {
  if (history.length === 0) return [];
  const rows = history.map((entry) => [
    String(entry.id),
    shortRevision(entry.revision),
    resultText(entry.result, view),
    view.when(entry.at),
    oneLine(entry.message),
  ]);
  return table([['ID', 'REVISION', 'RESULT', 'WHEN', 'MESSAGE'], ...rows]);
}

/** The whole history, and what `belay undo` would make of it. */
export function historyView({ spec, state }: ApplicationStatus, view: View): string[] {
  const { name } = spec;
  if (state.history.length === 0) return [`${name} has no history yet`];
  const plan = planUndo(spec, state, undefined);
  const undo =
    plan.kind === 'refused'
      ? `\`belay undo ${name}\` would do nothing: ${plan.why}`
      : `\`belay undo ${name}\` goes back to ${shortRevision(plan.target.revision)}${entryText(plan.target.id)}; --dry-run shows what that changes`;
  return [...historyTable(state.history, view), '', view.style.dim(oneLine(undo))];
}

function entryText(id: number | undefined): string {
  return id === undefined ? '' : `, entry ${id}`;
}

function resultText(result: HistoryEntry['result'], { style }: View): string {
  switch (result) {
    case 'synced':
    case 'promoted':
      return style.good(`✔ ${result}`);
    case 'reverted':
      return style.good(`↩ ${result}`);
    case 'failed':
      return style.bad(`✖ ${result}`);
    case 'aborted':
    case 'superseded':
      return style.busy(`- ${result}`);
  }
}
