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

/** A value as a measurement shows it: `0.97`, `[0.97,NaN]`, `{"ok":true}`. JSON has no NaN and no infinity; this keeps them. */
export function valueText(value: unknown): string {
  return lineOf(typeof value === 'string' ? value : textOfJson(value), longestValue);
}

function textOfJson(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) {
    // Every item takes two characters at least, so later ones would be cut off anyway.
    const items = value.slice(0, longestValue);
    return `[${items.map((item) => (typeof item === 'number' ? numberText(item) : jsonOf(item))).join(',')}]`;
  }
  return jsonOf(value);
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function jsonOf(value: unknown): string {
  const odd = (item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item)
      ? numberText(item)
      : typeof item === 'bigint'
        ? String(item)
        : item;
  try {
    return JSON.stringify(value, (_key, item: unknown) => odd(item)) ?? 'null';
  } catch {
    return 'a value that is no JSON';
  }
}
