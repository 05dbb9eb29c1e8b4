import { appendFileSync } from 'node:fs';
import { formatTable } from '../../../tools/node/table';
import { decidedAt, failures, foreignFailures, restoredAfter, type TrialResult } from './trial';

/**
 * Adds a row to the file that `make e2e` prints at its end (`BELAY_NODE_TABLE`), or prints it. *Detected*: from the first answer of the
 * new version (from the push where it never answered) to the measurement that decided; *restored*: from there to the last request that
 * was given to it.
 */
export function report(
  scenario: string,
  result: TrialResult,
  options: { readonly crashes?: boolean } = {},
): void {
  const { answers, ofNew, pushedAt } = result;
  const verdict = decidedAt(result);
  const seconds = (ms: number | undefined): string =>
    ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`;
  const detected = verdict === undefined ? undefined : verdict - (ofNew[0]?.sentAt ?? pushedAt);
  addRow([
    scenario,
    String(answers.length),
    String(failures(answers).length),
    String(foreignFailures(result, options).length),
    seconds(detected),
    seconds(restoredAfter(result, options)),
  ]);
}

function addRow(cells: readonly string[]): void {
  const file = process.env['BELAY_NODE_TABLE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(cells)}\n`);
  else process.stderr.write(`${formatTable([cells])}\n`);
}
