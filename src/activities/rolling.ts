import { isDeepStrictEqual } from 'node:util';
import { asDeployment, type DeploymentObject } from '../domain/apps';
import { keepReplicas } from '../domain/compose';
import { refOf, type KubeObject } from '../domain/kube-object';
import { gitManager, marks, rolloutManager } from '../domain/marks';
import type { RolloutStepInput } from '../domain/plans/context';
import { planRolling } from '../domain/plans/plan-rolling';
import type { Cluster } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { takeOverFields } from './take-over';
import { driveJudged } from './judging';
import { composer, generatedIn, loadWorkload, type RolloutTools, type StepResult } from './rollout-steps';

export interface RollInput extends RolloutStepInput {
  /** `target`: the new version; `good`: back to the last good one. */
  readonly to: 'target' | 'good';
  readonly deadlineAt: number;
}

/** Workloads without a strategy, and first deployments: applied as they are, and watched. */
export function createRolling(tools: RolloutTools) {
  return {
    rollWorkload: beating(async (input: RollInput, beat): Promise<StepResult> => {
      const { spec, to } = input;
      const source = to === 'good' ? (spec.good ?? spec.target) : spec.target;
      const workload = await loadWorkload(tools, spec, source);
      const rolloutId = to === 'good' ? spec.stableRolloutId : undefined;
      await applyWorkload(
        tools,
        input,
        composer(spec, workload)({ replicas: undefined, paused: false, rolloutId }),
        beat,
      );
      const judged = {
        deadlineAt: input.deadlineAt,
        side: 'stable' as const,
        generated: await generatedIn(tools, spec),
      };
      return driveJudged({ tools, input, beat, judged, plan: planRolling });
    }),
  };
}

/** Fenced first, then applied with the resourceVersion just read; nothing is sent when nothing differs. */
async function applyWorkload(
  { ports }: RolloutTools,
  { spec, fence }: RollInput,
  wanted: DeploymentObject,
  { signal }: Beat,
): Promise<void> {
  const { cluster } = ports;
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: spec.namespace, name: spec.name };
  for (;;) {
    const live = await cluster.get(ref, signal);
    const found = Number(live?.metadata.annotations?.[marks.fence] ?? 0);
    if (found > fence) {
      const message = `a newer step (fence ${found}) has written ${spec.name}; this one (fence ${fence}) is outdated and stops`;
      throw new PortError(message, { code: 'Fenced', retry: 'never' });
    }
    try {
      const fenced =
        live === undefined || found === fence ? live : await putFence(cluster, live, fence, signal);
      const seen = fenced === undefined ? undefined : await takeOverFields(cluster, fenced, signal);
      const object = withVersion(keepReplicas(wanted, seen), seen);
      const dryRun = await cluster.apply(object, { manager: gitManager, dryRun: true, signal });
      if (
        seen !== undefined &&
        seen === fenced &&
        isDeepStrictEqual(asDeployment(dryRun).spec, asDeployment(seen).spec)
      )
        return;
      const applied = await cluster.apply(object, { manager: gitManager, signal });
      if (seen === undefined) await putFence(cluster, applied, fence, signal);
      return;
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict')) throw error;
    }
  }
}

function putFence(
  cluster: Cluster,
  object: KubeObject,
  fence: number,
  signal: AbortSignal,
): Promise<KubeObject> {
  const metadata = {
    resourceVersion: object.metadata.resourceVersion,
    annotations: { [marks.fence]: String(fence) },
  };
  return cluster.patch(refOf(object), { metadata }, { manager: rolloutManager, signal });
}

function withVersion(wanted: KubeObject, seen: KubeObject | undefined): KubeObject {
  const version = seen?.metadata.resourceVersion;
  return version === undefined
    ? wanted
    : { ...wanted, metadata: { ...wanted.metadata, resourceVersion: version } };
}
