import { isMap } from '../read-json';

/**
 * Fields without values that consist of an argument, which is read when it is known. What may be any text (`texts`, names of fields) keeps
 * its arguments.
 */
export function withoutArguments(
  values: Readonly<Record<string, unknown>>,
  texts: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const known = Object.entries(values).filter(([key, value]) => texts.has(key) || !isArgument(value));
  return Object.fromEntries(known.map(([key, value]) => [key, texts.has(key) ? value : inner(value, texts)]));
}

function inner(value: unknown, texts: ReadonlySet<string>): unknown {
  if (!Array.isArray(value)) return isMap(value) ? withoutArguments(value, texts) : value;
  return value.map((item: unknown) =>
    isMap(item) ? withoutArguments(item, texts) : isArgument(item) ? 0 : item,
  );
}

function isArgument(value: unknown): boolean {
  return typeof value === 'string' && /^\s*\{\{[^{}]*\}\}\s*$/.test(value);
}
