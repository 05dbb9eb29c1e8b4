import { GoMap, Instant, Span } from '../../src/domain/expr';

/** Reads the forms that tools/expr/main.go gives to values without JSON: `{"$int": "5"}`, `{"$float": "NaN"}` and so on. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const [[key, inner] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  switch (key) {
    case '$int':
      return BigInt(inner as string);
    case '$float':
      return Number((inner as string).replace('Inf', 'Infinity'));
    case '$floats':
      return Float64Array.from((inner as unknown[]).map(decode) as number[]);
    case '$ints':
      return BigInt64Array.from((inner as number[]).map(BigInt));
    default:
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decode(each)]));
  }
}

/** A value of ours in the form of the table. */
export function encode(value: unknown): unknown {
  if (value === undefined || value === null) return { $nil: true };
  if (typeof value === 'bigint') return { $int: String(value) };
  if (typeof value === 'number') return encodeFloat(value);
  if (value instanceof Span) return { $duration: String(value.nanos) };
  if (value instanceof Instant) return { $time: String(value.nanos / 1_000_000n) };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Float64Array || value instanceof BigInt64Array) return Array.from(value, encode);
  if (value instanceof GoMap) {
    const pairs = [...value.entries].map((pair) => pair.map(encode));
    return { $map: pairs.sort(([one], [other]) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) };
  }
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, encode(each)]));
}

function encodeFloat(value: number): unknown {
  if (Number.isNaN(value)) return { $float: 'NaN' };
  if (Object.is(value, -0)) return { $float: '-0' };
  return Number.isFinite(value) ? value : { $float: value > 0 ? '+Inf' : '-Inf' };
}
