import { setTimeout as sleep } from 'node:timers/promises';
import { asDeployment, type DeploymentObject } from '../domain/apps';
import { fenceOn, stoppedMark } from '../domain/fence';
import { refOf, type ObjectRef } from '../domain/kube-object';
import { marks, rolloutManager } from '../domain/marks';
import { fencesPerRollout, planContext } from '../domain/plans/context';
import type { Plan, PlanContext } from '../domain/plans/plan';
import { planRemoval, planReturn } from '../domain/plans/plan-return';
import { fenceOf, type RolloutView } from '../domain/rollout-view';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { drive } from './drive';
import { lookAt } from './rollout-steps';
import { hasSwitch, settleMs } from './traffic-plan';

export interface BreakOff {
  readonly spec: RolloutSpec;
  /** Who does it, and why. */
  readonly by: string;
  /** Notes it where Belay finds it later; called once it is known that there is a way back. */
  readonly mark: () => Promise<void>;
  /** Aborts when it has taken too long. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What became of it. */
export type Broken =
  { readonly kind: 'back' } | { readonly kind: 'refused' | 'timedOut'; readonly message: string };

/** The last numbers of a rollout are for this: no step of its own has ever reached them. */
const reserved = 1_000;

/**
 * Ends a rollout from outside: a higher number is written on the stable Deployment first, with the name of who did it, so that a worker
 * that still lives stops there; then the rollback's own plans bring the traffic back and take the canary away. The canary's copies of
 * configuration go with its ReplicaSet, which owns them.
 */
export async function breakOff(cluster: Cluster, options: BreakOff): Promise<Broken> {
  const { spec, signal, say } = options;
  const { strategy, kind, namespace, name } = spec;
  if (kind !== 'Deployment' || (strategy.kind !== 'canary' && strategy.kind !== 'blueGreen'))
    return {
      kind: 'refused',
      message: `the pods of ${kind} ${name} are replaced in place, and the old version is in Git alone; \`kubectl rollout undo ${kind.toLowerCase()}/${name} -n ${namespace}\` brings it back`,
    };
  try {
    const stable = await takeOver(cluster, options);
    if (typeof stable === 'string') return { kind: 'refused', message: stable };
    const fence = fenceOn(stable);
    const live = stable.spec.replicas ?? 1;
    const replicas = spec.replicas === undefined ? undefined : Math.max(spec.replicas, live);
    const go = (plan: (view: RolloutView, context: PlanContext) => Plan) =>
      follow(cluster, { ...options, fence, replicas }, plan);
    const returned = await go(planReturn);
    if (returned !== undefined) return returned;
    if (hasSwitch(strategy)) await sleep(settleMs, undefined, { signal });
    say(`all traffic is back on the stable version`);
    await dropExperiments(cluster, options);
    const removed = await go(planRemoval);
    if (removed !== undefined) return removed;
    say(`no canary is left, and ${name} is complete`);
    return { kind: 'back' };
  } catch (error: unknown) {
    if (!signal.aborted) throw error;
    return {
      kind: 'timedOut',
      message: 'it is not there yet; the same command goes on where this one stopped',
    };
  }
}

/** The stable Deployment with the number of this act on it, or why there is no way back. */
async function takeOver(
  cluster: Cluster,
  { spec, by, mark, signal, say }: BreakOff,
): Promise<DeploymentObject | string> {
  const ref: ObjectRef = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: spec.namespace,
    name: spec.name,
  };
  const first = spec.number * fencesPerRollout + fencesPerRollout - reserved;
  let isMarked = false;
  for (;;) {
    signal.throwIfAborted();
    const live = await cluster.get(ref, signal);
    const stable = live === undefined ? undefined : asDeployment(live);
    if (stable === undefined) return `Deployment ${spec.name} is gone`;
    if (stable.spec.template.metadata?.labels?.[marks.rollout] === spec.rolloutId)
      return `the new version is stable already, there is nothing to go back to; revert in Git, or \`kubectl rollout undo deployment/${spec.name} -n ${spec.namespace}\``;
    if (!isMarked) await mark();
    isMarked = true;
    const found = fenceOf(await lookAt({ ports: { cluster } }, { spec }, signal));
    const fence = found > first ? found + 1 : first;
    const annotations = {
      [marks.fence]: String(fence),
      [marks.stoppedBy]: stoppedMark(spec.rolloutId, by),
    };
    const { resourceVersion } = stable.metadata;
    try {
      const written = await cluster.patch(
        ref,
        { metadata: { resourceVersion, annotations } },
        { manager: rolloutManager, signal },
      );
      say(`fenced at ${fence}: a worker that still lives stops`);
      return asDeployment(written);
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict')) throw error;
    }
  }
}

/** Undefined when the plan is done. */
async function follow(
  cluster: Cluster,
  { spec, fence, replicas, signal, say }: BreakOff & { fence: number; replicas: number | undefined },
  plan: (view: RolloutView, context: PlanContext) => Plan,
): Promise<Broken | undefined> {
  const { namespace, application } = spec;
  const context = planContext({ spec, fence, replicas });
  let last = '';
  const note = (text: string): void => {
    if (text !== last) say(text);
    last = text;
  };
  const driven = await drive({
    cluster,
    namespace,
    application,
    context,
    beat: { signal, note, now: Date.now },
    plan: (view) => plan(view, context),
  });
  return driven.kind === 'failed' ? { kind: 'refused', message: driven.sentence } : undefined;
}

async function dropExperiments(cluster: Cluster, { spec, say, signal }: BreakOff): Promise<void> {
  const labelSelector = `${marks.experimentOf}=${spec.name},${marks.rollout}=${spec.rolloutId}`;
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  for (const each of await cluster.list(kind, { namespace: spec.namespace, labelSelector, signal })) {
    await cluster.remove(refOf(each), { propagation: 'Background', uid: each.metadata.uid ?? '', signal });
    say(`delete ${each.metadata.name}, whose experiment is over`);
  }
}
