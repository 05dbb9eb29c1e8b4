import { stripVTControlCharacters } from 'node:util';

/** Rows as aligned columns, three spaces apart; nothing trails a line. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

/** `Label:   value` lines, values aligned; fields without a value are left out, one without a label goes on with the one above. */
export function fieldList(fields: readonly (readonly [string, string | undefined])[]): string[] {
  const there = fields.filter(
    (field): field is [string, string] => field[1] !== undefined && field[1] !== '',
  );
  return table(there.map(([label, value]) => [label === '' ? '' : `${label}:`, oneLine(value)]));
}

/** Text from elsewhere on one line, without control characters that a terminal would obey (colours of ours stay). */
export function oneLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\u001b(?!\[\d{1,2}m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g, '');
}

/** How many columns a text takes on a terminal. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
