import { composeInPlace } from '../domain/compose';
import { viewInPlace, type Hold, type InPlaceKind, type InPlaceView } from '../domain/in-place-view';
import { fenceOn } from '../domain/fence';
import type { KubeObject } from '../domain/kube-object';
import type { PlanOf } from '../domain/plans/plan';
import type { InPlaceAction } from '../domain/plans/plan-in-place';
import type { RolloutStepInput } from '../domain/plans/context';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Cluster, NamespaceView } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import { applyWorkload, putFence } from './apply-workload';
import type { Beat } from './beating';
import type { Driven } from './drive';
import { assertNotFenced } from './fenced';
import { configNamesOf, type LoadedWorkload } from './load';
import { withView } from './with-view';

export interface InPlaceDrive {
  readonly cluster: Cluster;
  readonly input: RolloutStepInput;
  readonly beat: Beat;
  readonly plan: (view: InPlaceView, now: number) => Promise<PlanOf<InPlaceAction>>;
  /** It only looks. */
  readonly isReadOnly?: boolean;
  /** The version that `apply` writes, held as the plan says. */
  readonly compose?: (hold: Hold | undefined) => KubeObject;
}

const lookAgainMs = 1_000;

/** The kind of a workload whose pods are replaced in place. */
export function inPlaceKind({ kind, name }: Pick<RolloutSpec, 'kind' | 'name'>): InPlaceKind {
  if (kind !== 'Deployment') return kind;
  throw new PortError(`${name} is a Deployment`, { code: 'InvalidSpec', retry: 'never' });
}

/**
 * Looks, plans, acts, and looks again until the plan says done, as `drive` does for Deployments. The fence rises before anything else;
 * after that, whatever an older step still writes meets a conflict, and before a pod is deleted the fence is read again.
 */
export async function driveInPlace(options: InPlaceDrive): Promise<Driven> {
  const { cluster, input, beat, plan } = options;
  const { spec, fence } = input;
  const kind = inPlaceKind(spec);
  const kinds = [kind, 'ControllerRevision', 'Pod', 'Event'] as const;
  return withView(cluster, { namespace: spec.namespace, kinds, signal: beat.signal }, async (live) => {
    for (;;) {
      beat.signal.throwIfAborted();
      const view = viewInPlace((each) => live.objects(each), kind, spec.name);
      if (options.isReadOnly !== true && view.workload !== undefined) {
        assertNotFenced(view.workload, fence);
        if (fenceOn(view.workload) < fence) {
          const { workload } = view;
          await attempt(live, beat, async () =>
            live.note(await putFence(cluster, workload, fence, beat.signal)),
          );
          continue;
        }
      }
      const next = await plan(view, beat.now());
      if (next.kind === 'done' || next.kind === 'failed') return next;
      if (next.kind === 'wait') {
        beat.note(`waiting for ${next.for}`);
        await live.change(lookAgainMs, beat.signal);
      } else {
        for (const action of next.actions)
          await attempt(live, beat, async () => {
            beat.note(action.why);
            const written = await perform(options, action);
            if (written !== undefined) live.note(written);
            else await live.change(200, beat.signal); // the pod is gone: the watch tells
          });
      }
    }
  });
}

/** What has changed meanwhile is looked at again. */
async function attempt(live: NamespaceView, { signal }: Beat, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error: unknown) {
    if (!isPortError(error, 'Conflict', 'NotFound')) throw error;
    await live.change(200, signal);
  }
}

async function perform(options: InPlaceDrive, action: InPlaceAction): Promise<KubeObject | undefined> {
  const { cluster, input, beat, compose } = options;
  const { spec, fence } = input;
  if (action.kind === 'apply') {
    if (compose === undefined)
      throw new Error(`a plan for ${spec.name} wants to write a template, but none was loaded`);
    return applyWorkload(cluster, compose(action.hold), fence, beat.signal);
  }
  const { kind, namespace, name } = spec;
  assertNotFenced(await cluster.get({ apiVersion: 'apps/v1', kind, namespace, name }, beat.signal), fence);
  const { ref, uid } = action;
  await cluster.remove(ref, { propagation: 'Background', uid, signal: beat.signal });
  // The next look must know that it is going, or that another one has its name.
  return cluster.get(ref, beat.signal);
}

/** A version that is written. */
export interface WrittenVersion {
  readonly workload: LoadedWorkload;
  /** Undefined: it came without a rollout. */
  readonly rolloutId: string | undefined;
  /** Wanted pods where they are others than in this revision: a newer one may have changed nothing but them. */
  readonly replicas?: number | undefined;
}

/** Git's object with what a rollout lays over it. */
export function inPlaceComposer(spec: RolloutSpec, { workload, rolloutId, replicas }: WrittenVersion) {
  const { application, namespace } = spec;
  return (hold: Hold | undefined): KubeObject =>
    composeInPlace(workload.object, {
      application,
      namespace,
      rolloutId,
      configNames: configNamesOf(workload),
      replicas,
      hold,
    });
}
