/** Longest text of a value that a run keeps, in characters. */
export const longestValue = 200;
/** Longest message that a run keeps, in characters. */
export const longestMessage = 300;

/** A text for one line: no control characters, no broken ones, at most `longest` characters. */
export function lineOf(text: string, longest: number): string {
  // What is cut off is not cleaned: a provider may answer with a megabyte.
  const line = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  if (line.length <= longest && text.length <= longest * 4) return line;
  return `${line
    .slice(0, longest - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** A list of any kind, typed ones of numbers too; undefined for everything else. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  return value instanceof Float64Array || value instanceof BigInt64Array ? [...value] : undefined;
}

/** A value as a measurement shows it: `0.97`, `[0.97,NaN]`, `{"ok":true}`. JSON has no NaN and no infinity; this keeps them. */
export function valueText(value: unknown): string {
  return lineOf(typeof value === 'string' ? value : textOfJson(value), longestValue);
}

function textOfJson(value: unknown): string {
  const list = listOf(value);
  if (list === undefined) return jsonOf(value);
  // Every item takes two characters at least, so later ones would be cut off anyway.
  return `[${list.slice(0, longestValue).map(jsonOf).join(',')}]`;
}

function jsonOf(value: unknown): string {
  if (isOddNumber(value)) return numberText(value);
  try {
    const replace = (_key: string, item: unknown) => (isOddNumber(item) ? numberText(item) : item);
    return JSON.stringify(value, replace) ?? 'null';
  } catch {
    return 'a value that is no JSON';
  }
}

/** A number that JSON does not know. */
function isOddNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
}

function numberText(value: number | bigint): string {
  if (value === Infinity || value === -Infinity) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
