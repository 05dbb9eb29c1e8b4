/** A JSON object. */
export type JsonMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field of a value that may be no map at all. */
export function fieldOf(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;
}

/** The map that a value is; an empty one for anything else. */
export function mapOf(value: unknown): JsonMap {
  return isMap(value) ? value : {};
}

/** The value at a path of keys; undefined when anything on the way is absent. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce(fieldOf, value);
}

/** What a value is, in words: `the number 5`, `a list`. Texts are not repeated. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${String(value)}`;
  return typeof value === 'string' ? 'a text' : 'a map of fields';
}

const longest = 80;

/** A value as it is shown to a person: at most 80 characters of it. */
export function textOf(value: unknown): string {
  return cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)), longest);
}

/** At most so many characters of a text, the last one an ellipsis where it has more. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** How to write a number or a boolean that should have been a text. */
export function quoting(value: unknown): string {
  if (typeof value !== 'boolean') return `write it in quotes: "${textOf(value)}"`;
  return 'write it in quotes: YAML reads y, n, yes, no, on and off as true and false';
}

/** Whether two JSON values are the same, whatever the order of their keys; a field that is undefined counts as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return a === b || Object.is(a, b);
  const keys = writtenKeys(a);
  return (
    keys.length === writtenKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

function writtenKeys(map: JsonMap): readonly string[] {
  return Object.keys(map).filter((key) => map[key] !== undefined);
}
