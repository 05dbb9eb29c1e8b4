import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { AnalysisRef } from '../../src/domain/analysis/spec';
import type { RolloutOutcome, RolloutSpec } from '../../src/domain/rollout-status';
import type { CanaryStrategy } from '../../src/domain/strategy';
import { applicationId, type RolloutEnded } from '../../src/messages/application';
import { workflowQueue } from '../../src/messages/queues';
import { rolloutStatusQuery, rolloutWorkflowId } from '../../src/messages/rollout';
import type { rollout } from '../../src/workflows';
import { listener, toldQuery } from './workflow-bundle';
import { type FakeCluster, revisionOf } from './workflow-fakes';
import { eventually, type WorkflowEnvironment } from './workflow-environment';

const strategy: CanaryStrategy = {
  kind: 'canary',
  steps: [
    { kind: 'setWeight', weight: 20 },
    { kind: 'setWeight', weight: 50 },
  ],
  maxSurge: '25%',
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
};

/** A canary's strategy with these steps. */
export function canary(
  steps: CanaryStrategy['steps'],
  changes: Partial<CanaryStrategy> = {},
): CanaryStrategy {
  return { ...strategy, steps, ...changes };
}

/** An analysis by this template alone. */
export function analysisBy(templateName: string): AnalysisRef {
  return {
    templates: [{ templateName, clusterScope: false }],
    args: [],
    dryRun: [],
    measurementRetention: [],
  };
}

/** The rollout of `v2` over `v1`, by weights 20 and 50. */
export function rolloutSpec(cluster: FakeCluster, changes: Partial<RolloutSpec> = {}): RolloutSpec {
  const source = { repoUrl: 'https://git.example/shop.git', path: 'k8s', recurse: false };
  return {
    application: `shop-${cluster.id}`,
    cluster: cluster.id,
    namespace: 'shop',
    kind: 'Deployment',
    name: 'web',
    target: { ...source, revision: revisionOf('v2') },
    good: { ...source, revision: revisionOf('v1') },
    version: 'web-2',
    goodVersion: 'web-1',
    number: 1,
    rolloutId: 'r1-test',
    strategy,
    progressDeadlineMs: 600_000,
    pace: 'steps',
    ...changes,
  };
}

export type RunningRollout = WorkflowHandleWithFirstExecutionRunId<typeof rollout>;

/** Starts a rollout whose application is a listener. */
export async function startRollout(
  { client }: WorkflowEnvironment,
  spec: RolloutSpec,
  mode: 'forward' | 'recover' = 'forward',
): Promise<RunningRollout> {
  await client.start(listener, {
    workflowId: applicationId(spec.application),
    taskQueue: workflowQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return client.start<typeof rollout>('rollout', {
    workflowId: rolloutWorkflowId(spec),
    taskQueue: workflowQueue,
    args: [{ spec, mode }],
  });
}

/** Runs a rollout to its end. */
export async function runRollout(
  environment: WorkflowEnvironment,
  spec: RolloutSpec,
  mode: 'forward' | 'recover' = 'forward',
): Promise<RolloutOutcome> {
  return (await startRollout(environment, spec, mode)).result();
}

/** What the application was told. */
export async function toldEnds(
  { client }: WorkflowEnvironment,
  { application }: RolloutSpec,
): Promise<readonly RolloutEnded[]> {
  return (await client.getHandle(applicationId(application)).query(toldQuery)) as readonly RolloutEnded[];
}

/** Waits until the cluster has been asked for this. */
export async function asked(cluster: FakeCluster, line: string): Promise<void> {
  await eventually(
    () => cluster.trace,
    (trace) => trace.includes(line),
  );
}

/** What a rollout says of itself. */
export function statusOf(handle: RunningRollout) {
  return handle.query(rolloutStatusQuery);
}
