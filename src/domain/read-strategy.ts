import type { Fields } from './fields';
import { readBlueGreen } from './read-blue-green';
import { readCanary } from './read-canary';
import { readInPlace } from './read-in-place';
import { reportUnknown } from './read-refusals';
import type { Revision } from './read-revision';
import { requireField } from './read-with';
import type { BlueGreenStrategy, CanaryStrategy, InPlaceStrategy } from './strategy';
import type { WorkloadKind } from './workload';

/** What a Rollout can ask for. */
export type RolloutStrategy = CanaryStrategy | BlueGreenStrategy | InPlaceStrategy;

/** Reads `spec.strategy` of a Rollout: exactly one strategy, and for pods that are replaced in place only canary. */
export function readStrategy(
  spec: Fields,
  kind: WorkloadKind,
  revision: Revision,
): RolloutStrategy | undefined {
  const remedy = 'write strategy.canary or strategy.blueGreen';
  if (!requireField(spec, 'strategy', remedy)) return undefined;
  const strategy = spec.map('strategy');
  if (strategy === undefined) return undefined;
  const [canary, blueGreen] = [strategy.raw('canary'), strategy.raw('blueGreen')];
  if (canary !== undefined && blueGreen !== undefined)
    spec.invalid('strategy', 'canary and blueGreen are both given', { remedy: 'keep one of them' });
  reportUnknown(strategy);
  const { unread } = strategy.unread();
  if (canary === undefined && blueGreen === undefined && unread.length === 0)
    spec.invalid('strategy', 'gives neither canary nor blueGreen', { remedy: 'write `canary: {}` at least' });
  if (kind !== 'Deployment') return readForInPlace(strategy, kind, revision);
  const fields = strategy.map('canary');
  if (fields !== undefined) return readCanary(fields, revision);
  const other = strategy.map('blueGreen');
  return other && readBlueGreen(other, revision);
}

function readForInPlace(
  strategy: Fields,
  kind: WorkloadKind,
  revision: Revision,
): InPlaceStrategy | undefined {
  if (strategy.raw('blueGreen') !== undefined) {
    const message = `a ${kind} has no blue-green: its pods are replaced in place`;
    strategy.invalid('blueGreen', message, { remedy: 'use strategy.canary' });
  }
  const canary = strategy.map('canary');
  return canary && readInPlace(canary, kind, revision);
}
