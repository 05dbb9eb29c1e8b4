import { formatMillis } from '../duration';
import { plotScale } from './plot-scale';
import type { SequentialState } from './state';

const rows = 11;
const margin = 6;

/**
 * Evidence over time for a terminal of `width` columns (20 at least): `x` harm, `o` safety (the least safe metric), each on the
 * line of its size; `-` the limits at which a version is rolled back or promoted.
 */
export function plotText({ history }: Pick<SequentialState, 'history'>, width: number): string {
  if (history.points.length === 0) return 'no evidence yet';
  const columns = Math.max(20, Math.floor(width)) - margin;
  const scale = plotScale(history);
  const lines = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  const labels = Array.from({ length: rows }, () => '');
  const rowOf = (height: number) => rows - 1 - Math.round(height * (rows - 1));
  const put = (row: number, column: number, mark: string) => {
    const line = lines[row];
    if (line !== undefined) line[column] = mark;
  };
  for (const [, value, height] of scale.limits) {
    labels[rowOf(height)] = String(value);
    lines[rowOf(height)]?.fill('-');
  }
  labels[rowOf(scale.heightOf(0))] = '1';
  for (const [second, harm, safe] of history.points) {
    const column = Math.round(scale.placeOf(second) * (columns - 1));
    put(rowOf(scale.heightOf(safe)), column, 'o');
    put(rowOf(scale.heightOf(harm)), column, 'x');
  }
  const body = lines.map((line, row) => `${(labels[row] ?? '').padStart(margin - 2)} |${line.join('')}`);
  const end = formatMillis(scale.lastSecond * 1000);
  const axis = `${' '.repeat(margin - 1)}+${'-'.repeat(columns)}`;
  const times = `${' '.repeat(margin)}0${end.padStart(columns - 1)}`;
  const [[, rollback], [, promote]] = [scale.limits[0] ?? ['', 0], scale.limits[1] ?? ['', 0]];
  const legend = `x harm (roll back at ${rollback})  o safety (promote at ${promote})`;
  return [...body, axis, times, legend].map((line) => line.trimEnd()).join('\n');
}
