import { readDuration } from './duration';
import { Fields } from './fields';
import { isMap, kindOf } from './read-json';
import { reportUnknown } from './read-refusals';
import { readWith } from './read-with';
import type { RolloutStep } from './strategy';

/** Reads `pause`; without a duration it waits for a person. */
export function readPause(step: Fields): RolloutStep | undefined {
  const value = step.raw('pause');
  if (!isMap(value)) {
    const remedy = 'write `pause: {duration: 5m}`, or `pause: {}` to wait for a person';
    return step.invalid('pause', `must be a map of fields, not ${kindOf(value)}`, { value, remedy });
  }
  const pause = new Fields(step.source, [...step.path, 'pause'], value);
  const durationMs = readWith(pause, 'duration', readDuration);
  reportUnknown(pause);
  return durationMs === undefined ? { kind: 'pause' } : { kind: 'pause', durationMs };
}
