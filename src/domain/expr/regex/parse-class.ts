import { foldCase, not, perlClass, posixClass, unicodeClass } from './classes';
import type { Reader } from './reader';
import type { CharTest } from './tree';

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `\d`, `\pL`, `\P{Greek}` behind the backslash; undefined when something else is there. */
export function parseClassEscape(reader: Reader): CharTest | undefined {
  const unicode = reader.take(/^([pP])(?:\{([^}]*)\}|([^{]))/u);
  if (unicode !== undefined) return unicodeClass(unicode[2] ?? unicode[3] ?? '', unicode[1] === 'P');
  const test = perlClass(reader.peek());
  if (test !== undefined) reader.next();
  return test;
}

/** The code point of an escaped character, behind the backslash. */
export function parseCharEscape(reader: Reader): number {
  const hex = reader.take(/^x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/);
  const octal = hex === undefined ? reader.take(/^(?:[1-7][0-7]{1,2}|0[0-7]{0,2})/) : undefined;
  if (hex !== undefined || octal !== undefined) {
    const code = hex === undefined ? parseInt(octal?.[0] ?? '', 8) : parseInt(hex[1] ?? hex[2] ?? '', 16);
    return code <= 0x10ffff ? code : reader.fail('escape is no character');
  }
  const char = reader.next();
  const code =
    controls[char] ?? (/^[!-/:-@[-`{-~ \x00-\x1f\x7f]$/.test(char) ? char.codePointAt(0) : undefined);
  return code ?? reader.fail(`invalid escape \\${char}`);
}

/** `[…]`, behind the opening bracket. */
export function parseClass(reader: Reader, folds: boolean): CharTest {
  const isNegated = reader.accept('^');
  const tests: CharTest[] = [];
  for (let isFirst = true; isFirst || !reader.accept(']'); isFirst = false) {
    if (reader.isAtEnd) reader.fail('missing ]');
    tests.push(parseClassItem(reader));
  }
  const any: CharTest = (code) => tests.some((test) => test(code));
  const folded = folds ? foldCase(any) : any;
  return isNegated ? not(folded) : folded;
}

function parseClassItem(reader: Reader): CharTest {
  const named = reader.take(/^\[:([^\]]*?):\]/);
  if (named !== undefined) return posixClass(named[1] ?? '');
  if (reader.peek() === '\\') {
    reader.next();
    const test = parseClassEscape(reader);
    if (test !== undefined) return test;
    return parseRange(reader, parseCharEscape(reader));
  }
  return parseRange(reader, reader.next().codePointAt(0) ?? 0);
}

function parseRange(reader: Reader, low: number): CharTest {
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === '') return (code) => code === low;
  reader.next();
  const high = reader.accept('\\') ? parseCharEscape(reader) : (reader.next().codePointAt(0) ?? 0);
  if (high < low) reader.fail('range runs backwards');
  return (code) => low <= code && code <= high;
}
