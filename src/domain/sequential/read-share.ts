import type { Fields } from '../fields';

/** Which numbers a field takes: finite ones from `min` to `max`; `above` leaves `min` itself out. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly above?: true;
}

/** A number, also as a text (an argument that was filled in). */
export function readNumber(fields: Fields, key: string, range: NumberRange = {}): number | undefined {
  const value = fields.raw(key);
  return value === undefined ? undefined : inRange(fields, key, numberOf(value, false), range);
}

/** A share of requests: `0.1%` or 0.001. */
export function readShare(fields: Fields, key: string, range: NumberRange = {}): number | undefined {
  const value = fields.raw(key);
  return value === undefined ? undefined : inRange(fields, key, numberOf(value, true), range);
}

function inRange(
  fields: Fields,
  key: string,
  number: number | undefined,
  { min = 0, max = Number.MAX_VALUE, above }: NumberRange,
): number | undefined {
  const value = fields.raw(key);
  if (number === undefined) {
    return fields.invalid(key, 'is no number', {
      value,
      remedy: 'write a number such as 1.5, or a share such as 0.1%',
    });
  }
  const isLow = above === true ? number <= min : number < min;
  if (!isLow && number <= max) return number;
  const limit = isLow ? `${above === true ? 'not above' : 'below'} ${min}` : `above ${max}`;
  const remedy = isLow ? `use ${above === true ? 'more than' : 'at least'} ${min}` : `use ${max} or less`;
  return fields.invalid(key, `${number} is ${limit}`, { value, remedy });
}

function numberOf(value: unknown, isShare: boolean): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, digits, sign] = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)\s*(%?)\s*$/i.exec(value) ?? [];
  if (digits === undefined || (sign === '%' && !isShare)) return undefined;
  const number = Number(digits);
  // Divided, not multiplied: 0.1 % is 0.001 then, to the last bit.
  return sign === '%' ? number / 100 : number;
}
