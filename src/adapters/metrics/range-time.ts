import { readDuration } from '../../domain/duration';

/** The moment of `now()`, `now() - duration("5m")` and `now() + duration("5m")`, in epoch milliseconds. */
export function evaluateTime(source: string, now: number): number {
  const found = /^\s*now\(\)\s*(?:([+-])\s*duration\(\s*(["'])([^"']+)\2\s*\)\s*)?$/.exec(source);
  if (found === null) throw new Error('it is none of now(), now() - duration("5m")');
  if (found[1] === undefined) return now;
  const read = readDuration(found[3], 'duration');
  if (!read.ok) throw new Error('its duration is none');
  return found[1] === '-' ? now - read.value : now + read.value;
}
