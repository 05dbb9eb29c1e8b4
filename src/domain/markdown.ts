import { byteLength } from './expr/utf8';
import { cut } from './read-json';

/** `14:02:11Z`: a moment of today for a reader of Temporal's UI. */
export function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}

/** Text from elsewhere in a table's cell or a list's line: on one line, its bars escaped, no longer than `most` characters. */
export function cell(text: string, most: number): string {
  return cut(text.replace(/\s+/g, ' ').trim(), most).replaceAll('|', '\\|');
}

/** A table with an empty line before it; nothing without rows. */
export function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return ['', line(titles), line(titles.map(() => '---')), ...rows.map(line)];
}

/** Temporal's UI gets at most so many bytes: they are kept in the server and sent with every look at the workflow. */
export const detailsLimit = 8_000;
/** Of which the newest entries of a log always have so many. */
const logShare = 2_000;

/** Lines and below them a log, oldest entry first; what is too much is left out, of the log the oldest entries. */
export function withLog(
  lines: readonly string[],
  log: readonly { readonly at: number; readonly text: string }[],
): string {
  const entries = log.map(({ at, text }) => `- ${clock(at)} ${cell(text, 300)}`).toReversed();
  const shown = fitting(lines, entries.length === 0 ? detailsLimit : detailsLimit - logShare);
  const events = fitting(entries, detailsLimit - sizeOf(shown) - 2).toReversed();
  return [...shown, ...(events.length === 0 ? [] : ['', ...events])].join('\n');
}

/** How many bytes lines take in UTF-8, each with its end. */
export function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + byteLength(line) + 1, 0);
}

/** The first lines that fit into so many bytes; the last one says how many do not. */
export function fitting(lines: readonly string[], most: number): readonly string[] {
  if (sizeOf(lines) <= most) return lines;
  let used = sizeOf(['… 0000 more']);
  const kept: string[] = [];
  for (const line of lines) {
    used += byteLength(line) + 1;
    if (used > most) break;
    kept.push(line);
  }
  return [...kept, `… ${lines.length - kept.length} more`];
}
