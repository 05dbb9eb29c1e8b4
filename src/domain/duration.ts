import type { Read } from './problem';
import type { Millis } from './strategy';

const MILLIS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5, micro sign
  μs: 1e-3, // U+03BC, Greek mu
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const TERM = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
/** What Go's time.Duration holds at most (2^63 ns, 292 years). */
const LONGEST: Millis = 9_223_372_036_854;

/**
 * Reads a duration as Argo Rollouts does: a bare number, quoted or not, is seconds; else Go's syntax (`300ms`, `1h30m`).
 * Unlike Argo's pause steps, parts of a second count (RolloutPause.DurationSeconds cuts them off).
 */
export function readDuration(value: unknown, field: string): Read<Millis> {
  const millis = millisOf(value);
  if (millis !== undefined && millis >= 0 && millis <= LONGEST)
    return { ok: true, value: Math.round(millis) };
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const message = `${shown === '' ? 'an empty text' : shown} is not a duration`;
  const remedy = 'write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m';
  return { ok: false, problems: [{ code: 'InvalidSpec', message, field, value: shown, remedy }] };
}

function millisOf(value: unknown): Millis | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value * 1_000 : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\+?\d+$/.test(value)) return Number(value) * 1_000;
  return millisOfTerms(value.replace(/^\+/, ''));
}

function millisOfTerms(text: string): Millis | undefined {
  if (text === '') return undefined;
  let total = 0;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const term = TERM.exec(text);
    if (term === null) return undefined;
    total += Number(term[1]) * (MILLIS_PER_UNIT[term[2] ?? ''] ?? Number.NaN);
  }
  return total;
}

/** A duration for people, with two units at most: `850 ms`, `4.2 s`, `3 min 10 s`, `1 h 30 min`, `2 d 3 h`. */
export function formatMillis(millis: Millis): string {
  const positive = Math.max(0, Math.round(millis));
  if (positive < 1_000) return `${positive} ms`;
  const tenths = Math.round(positive / 100);
  if (tenths < 600) return `${tenths / 10} s`;
  const seconds = Math.round(positive / 1_000);
  if (seconds < 3_600) return twoUnits(seconds, { size: 60, names: ['min', 's'] });
  const minutes = Math.round(positive / 60_000);
  if (minutes < 1_440) return twoUnits(minutes, { size: 60, names: ['h', 'min'] });
  return twoUnits(Math.round(positive / 3_600_000), { size: 24, names: ['d', 'h'] });
}

function twoUnits(
  count: number,
  unit: { readonly size: number; readonly names: readonly [string, string] },
): string {
  const rest = count % unit.size;
  const whole = `${Math.floor(count / unit.size)} ${unit.names[0]}`;
  return rest === 0 ? whole : `${whole} ${rest} ${unit.names[1]}`;
}
