/** What the tests on a real node measure of each scenario. */
export const TABLE_COLUMNS = [
  'scenario',
  'requests',
  'failed',
  'not its fault',
  'detected after',
  'restored after',
] as const;

/** Formats rows below the columns' names; empty when there are none. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const all = [TABLE_COLUMNS, ...rows];
  const widths = TABLE_COLUMNS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ');
  return all.map(line).join('\n');
}
