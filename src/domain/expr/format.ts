import { formatDuration, formatTime } from './times';
import { compareText } from './utf8';
import { elements, Instant, isNil, isSequence, mapEntries, Span } from './values';

/** A value as Go prints it with `%v`; `text` is told of the length. */
export function format(value: unknown, text: (length: number) => void): string {
  text(16);
  const printed = print(value, text);
  text(printed.length);
  return printed;
}

function print(value: unknown, text: (length: number) => void): string {
  if (isSequence(value))
    return `[${elements(value)
      .map((each) => format(each, text))
      .join(' ')}]`;
  if (isNil(value)) return '<nil>';
  if (typeof value === 'number') return formatFloat(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Instant) return formatTime(value);
  if (value instanceof Span) return formatDuration(value);
  const entries = mapEntries(value);
  if (entries === undefined) return '<func>';
  const sorted = sortedByKey(entries);
  return `map[${sorted.map(([key, each]) => `${format(key, text)}:${format(each, text)}`).join(' ')}]`;
}

/** Numbers before texts, as Go prints maps. */
function sortedByKey(entries: readonly [unknown, unknown][]): [unknown, unknown][] {
  return [...entries].sort(([one], [other]) => {
    if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
    return typeof one === typeof other ? Number(one) - Number(other) : typeof one === 'string' ? 1 : -1;
  });
}

/** The shortest digits that read back the same; an exponent below -4 and from 6: a million is `1e+06`. */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return fixed(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A float in JSON as Go writes it: an exponent below -6 and from 21. */
export function formatJsonFloat(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-6 && size < 1e21)) return fixed(value);
  const [digits = '', power = '0'] = value.toExponential().split('e');
  return `${digits}e${Number(power) < 0 ? '-' : '+'}${String(Math.abs(Number(power))).padStart(Number(power) < 0 ? 1 : 2, '0')}`;
}

/** Without an exponent, where JavaScript would write one from 1e-7 down. */
function fixed(value: number): string {
  const plain = String(value);
  if (!plain.includes('e')) return plain;
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const sign = digits.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(-Number(power) - 1)}${digits.replace(/[-.]/g, '')}`;
}
