import { ExprError } from './expr-error';
import { formatJsonFloat } from './format';
import { formatTime } from './times';
import { compareText } from './utf8';
import {
  describeType,
  elements,
  GoMap,
  Instant,
  isNil,
  isRecord,
  isSequence,
  nilSlice,
  Span,
} from './values';

type Text = (length: number) => void;

/** JSON as Go writes it, indented by two. NaN, infinities and maps with keys other than texts have none: an ExprError. */
export function toJson(value: unknown, text: Text, indent = ''): string {
  text(16);
  const written = write(value, text, indent);
  text(written.length);
  return written;
}

function write(value: unknown, text: Text, indent: string): string {
  if (value === nilSlice || isNil(value)) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return formatJsonFloat(value);
  if (value instanceof Span) return String(value.nanos);
  if (value instanceof Instant) return quote(formatTime(value).replace(' +0000 UTC', 'Z').replace(' ', 'T'));
  const inner = `${indent}  `;
  if (isSequence(value)) {
    return wrap(
      '[',
      ']',
      elements(value).map((each) => toJson(each, text, inner)),
      indent,
    );
  }
  if (!isRecord(value) || value instanceof GoMap) throw new ExprError(`no JSON for ${describeType(value)}`);
  const fields = Object.entries(value).sort(([one], [other]) => compareText(one, other));
  return wrap(
    '{',
    '}',
    fields.map(([key, each]) => `${quote(key)}: ${toJson(each, text, inner)}`),
    indent,
  );
}

function wrap(open: string, close: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}

/** Also what HTML would take for markup is escaped. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value of JSON: all numbers are floats. Throws ExprError. */
export function fromJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ExprError('not JSON');
  }
  return checkNumbers(value);
}

/** A number too large for a float is an error in Go, and an infinity in JavaScript. */
function checkNumbers(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new ExprError('number of JSON is too large');
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkNumbers);
  return value;
}
