/** What an index says of one chart, cut out of the rest: some lines, and their numbers in the index (1-based). */
export interface IndexPart {
  readonly lines: readonly string[];
  readonly numbers: readonly number[];
}

/** The only fields of a version that are read. */
const wanted = /^(?:version|digest|urls)$/;
const keyLine = /^(["']?)([A-Za-z][\w.-]*)\1:(?:\s|$)/;

/**
 * The lines that tell versions, digests and URLs of one chart. Indexes of many megabytes would keep a YAML parser, and with it the
 * whole worker, busy for seconds; and all that write them write block style. Undefined: not found in block style.
 */
export function linesOfChart(text: string, chart: string): IndexPart | undefined {
  const start = /^(?:entries|"entries"|'entries'):[ \t]*\r?$/m.exec(text);
  if (start === null) return undefined;
  const indent = /\n( *)[^\s#]/.exec(text.slice(start.index, start.index + 10_000))?.[1]?.length ?? 0;
  if (indent === 0) return undefined;
  const name = chart.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const head = new RegExp(`^ {${indent}}(?:${name}|"${name}"|'${name}'):[ \\t]*\\r?$`, 'gm');
  head.lastIndex = start.index;
  const found = head.exec(text);
  if (found === null) return undefined;
  const first = newlines(text.slice(0, found.index)) + 1;
  const lines = [found[0]];
  let at = found.index + found[0].length + 1;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    if (isNextKey(line, indent)) break;
    lines.push(line);
    if (end < 0) break;
    at = end + 1;
  }
  const whole = { lines, numbers: lines.map((_, index) => first + index) };
  return thin(whole) ?? whole;
}

function isNextKey(line: string, indent: number): boolean {
  const own = /^ */.exec(line)?.[0].length ?? 0;
  const begin = line.charAt(own);
  if (begin === '' || begin === '\r' || begin === '#') return false;
  return own < indent || (own === indent && begin !== '-');
}

/** Leaves out all fields but the wanted ones; undefined when the block is written in a way that this does not understand. */
function thin({ lines, numbers }: IndexPart): IndexPart | undefined {
  const dash = /^ *(?=- )/.exec(lines[1] ?? '')?.[0].length;
  if (dash === undefined) return undefined;
  const depth = dash + (/^ *(- +)/.exec(lines[1] ?? '')?.[1]?.length ?? 2);
  const kept: { line: string; number: number }[] = [{ line: lines[0] ?? '', number: numbers[0] ?? 0 }];
  let keep = false;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || /^\s*(?:#|$)/.test(line)) continue;
    const number = numbers[index] ?? 0;
    const own = /^ */.exec(line)?.[0].length ?? 0;
    const isItem = own === dash && line.startsWith('- ', dash);
    const at = isItem ? depth : own;
    if (at < depth || line.includes('\t')) return undefined;
    if (at === depth && (isItem || !line.startsWith('- ', depth))) {
      const key = keyLine.exec(line.slice(depth))?.[2];
      if (key === undefined || (isItem && line.slice(dash + 1, depth).trim() !== '')) return undefined;
      keep = wanted.test(key);
      if (isItem) kept.push({ line: `${' '.repeat(dash)}-`, number });
      if (keep) kept.push({ line: `${' '.repeat(depth)}${line.slice(depth)}`, number });
    } else if (keep) kept.push({ line, number });
  }
  return { lines: kept.map(({ line }) => line), numbers: kept.map(({ number }) => number) };
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
