import { ExprError } from './expr-error';

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const coded =
  /u\{(?<braced>[0-9a-fA-F]{1,6})\}|u(?<four>[0-9a-fA-F]{4})|x(?<two>[0-9a-fA-F]{2})|U(?<eight>[0-9a-fA-F]{8})|(?<octal>[0-3][0-7]{2})/y;

/** A string in single or double quotes that starts at `at`: its value and where it ends. */
export function readQuoted(source: string, at: number): { value: string; end: number } {
  const quote = source.charAt(at);
  let value = '';
  let end = at + 1;
  for (; ; end++) {
    const char = source.charAt(end);
    if (char === '' || char === '\n') throw new ExprError('string is not terminated', at);
    if (char === quote) return { value, end: end + 1 };
    if (char === '\\') {
      const escape = readEscape(source, end + 1, quote);
      value += escape.value;
      end = escape.end - 1;
    } else {
      value += char === '\r' ? '\n' : char;
    }
  }
}

function readEscape(source: string, at: number, quote: string): { value: string; end: number } {
  const char = source.charAt(at);
  const plain = char === quote ? quote : escapes[char];
  if (plain !== undefined) return { value: plain, end: at + 1 };
  coded.lastIndex = at;
  const found = coded.exec(source);
  const { braced, four, two, eight, octal } = found?.groups ?? {};
  const hex = braced ?? four ?? two ?? eight;
  const code = hex === undefined ? parseInt(octal ?? '', 8) : parseInt(hex, 16);
  if (found === null || !(code <= 0x10ffff)) throw new ExprError('invalid escape', at - 1);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return { value: isSurrogate ? '\ufffd' : String.fromCodePoint(code), end: at + found[0].length };
}

/** A string in backticks: no escapes but the doubled backtick. */
export function readRaw(source: string, at: number): { value: string; end: number } {
  let end = at + 1;
  for (; source.charAt(end) !== '`' || source.charAt(end + 1) === '`'; end++) {
    if (end >= source.length) throw new ExprError('string is not terminated', at);
    if (source.charAt(end) === '`') end++;
  }
  return { value: source.slice(at + 1, end).replaceAll('``', '`'), end: end + 1 };
}

const number = /(?:0[xX][0-9a-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*)/y;
const digitsAfter = (prefix: string): RegExp =>
  /^0x/i.test(prefix)
    ? /(?:\.(?!\.)[0-9a-fA-F_]*)?(?:[eE][+-]?[0-9a-fA-F_]*)?/y
    : /^0o/i.test(prefix)
      ? /(?:\.(?!\.)[0-7_]*)?(?:[eE][+-]?[0-7_]*)?/y
      : /^0b/i.test(prefix)
        ? /(?:\.(?!\.)[01_]*)?(?:[eE][+-]?[01_]*)?/y
        : /(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9_]*)?/y;

/** The text of a number that starts at `at`; `1..3` is `1`, `..`, `3`. Whether it is a good one is for `numberValue` to say. */
export function readNumber(source: string, at: number): string {
  number.lastIndex = at;
  const whole = number.exec(source)?.[0] ?? '';
  const rest = digitsAfter(whole);
  rest.lastIndex = at + whole.length;
  const isRange = source.startsWith('..', at + whole.length);
  const text = isRange ? whole : whole + (rest.exec(source)?.[0] ?? '');
  if (/^[\p{L}\p{Nd}_$]/u.test(source.slice(at + text.length, at + text.length + 2))) {
    throw new ExprError('bad number', at);
  }
  return text;
}

/** Value of a number: an int (64 bits) as bigint, a float as number. Undefined for one that is malformed or does not fit. */
export function numberValue(text: string): bigint | number | undefined {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (/^0x/.test(digits) ? /^0x[0-9a-f]+$/.test(digits) : /^(?:[0-9]+|0b[01]+|0o[0-7]+)$/.test(digits)) {
    const value = BigInt(digits);
    return value <= 0x7fffffffffffffffn ? value : undefined;
  }
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}
