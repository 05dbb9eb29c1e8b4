import type { HistoryEntry } from '../../domain/application-state';
import { shortRevision } from '../../domain/explain-time';
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
