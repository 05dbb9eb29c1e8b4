import type { RolloutSpec } from '../../src/domain/rollout-status';
import type { BlueGreenStrategy } from '../../src/domain/strategy';
import { applicationId } from '../../src/messages/application';
import { passGateSignal, type RolloutGate } from '../../src/messages/release';
import { gatesQuery } from './workflow-bundle';
import { eventually, type WorkflowEnvironment } from './workflow-environment';
import type { FakeCluster } from './workflow-fakes';
import { rolloutSpec, type RunningRollout } from './workflow-rollouts';

/** What a rollout of `rolloutSpec` asks of its cluster up to the gate of its release, and on the way back from anywhere. */
export const toGate = [
  'startCanary',
  ...['reachWeight 20', 'reachWeight 50', 'reachWeight 100'],
  ...['handOver', 'standBy'],
];
export const back = ['returnTraffic', 'removeCanary'];

export const blueGreen: BlueGreenStrategy = {
  kind: 'blueGreen',
  activeService: 'web',
  previewService: 'web-preview',
  maxUnavailable: '25%',
  scaleDownDelayMs: 0,
  abortScaleDownDelayMs: 30_000,
  autoPromotionEnabled: true,
};

/** A rollout of a member of the release `release/shop/1`. */
export function inRelease(cluster: FakeCluster, changes: Partial<RolloutSpec> = {}): RolloutSpec {
  return rolloutSpec(cluster, { release: { id: 'release/shop/1', isLockstep: false }, ...changes });
}

/** The gates that the application has been told of. */
export function gatesOf(
  { client }: WorkflowEnvironment,
  { id }: FakeCluster,
): Promise<readonly RolloutGate[]> {
  return client.getHandle(applicationId(`shop-${id}`)).query(gatesQuery);
}

/** Waits until the application has been told that the rollout is at this gate. */
export async function reached(
  environment: WorkflowEnvironment,
  cluster: FakeCluster,
  at: RolloutGate['at'],
): Promise<void> {
  await eventually(
    () => gatesOf(environment, cluster),
    (told) => told.some((each) => each.at === at),
  );
}

/** What the application answers. */
export function pass(handle: RunningRollout, at: RolloutGate['at']): Promise<void> {
  return handle.signal(passGateSignal, { at });
}
