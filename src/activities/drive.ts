import { asDeployment, type DeploymentObject } from '../domain/apps';
import { composeCanary } from '../domain/compose';
import { fenceOn, stoppedBy } from '../domain/fence';
import { nameOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { gitManager, rolloutManager } from '../domain/marks';
import type { Action, Plan, PlanContext } from '../domain/plans/plan';
import { fenceOf, viewWorkload, type RolloutView } from '../domain/rollout-view';
import type { Cluster, NamespaceView } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import type { Beat } from './beating';
import { fenced } from './fenced';
import { createRouteView } from './route-view';
import { withView } from './with-view';

/** How a drive ended. */
export type Driven =
  { readonly kind: 'done' } | { readonly kind: 'failed'; readonly code: string; readonly sentence: string };

/** Decides what to do next; it may look something up, but it changes nothing. */
export type Planner = (view: RolloutView, now: number) => Plan | Promise<Plan>;

export interface Drive {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly application: string;
  readonly context: PlanContext;
  readonly beat: Beat;
  /** It only looks: a newer step of the same rollout is no reason to stop. */
  readonly isReadOnly?: boolean;
  /** What to do next. */
  readonly plan: Planner;
  /** What was written before it looks: a shared view may not have heard of it yet. */
  readonly written?: KubeObject;
  /** Git's new version with its overlay, for `createCanary` and `applyStable`. */
  readonly compose?: (overlay: { readonly replicas: number; readonly paused: boolean }) => DeploymentObject;
}

const lookAgainMs = 1_000;
const calmlyAgainMs = 3_000;
/** A router's objects are read, not watched: they are few, and only for as long as somebody waits for them. */
const routesAgainMs = 250;

/**
 * Looks, plans, acts, and looks again until the plan says done. Every write is sent with the resourceVersion that was seen and with
 * the fencing number: a worker that was frozen meets a conflict, looks again, finds a higher number and stops.
 */
export async function drive(options: Drive): Promise<Driven> {
  const { cluster, namespace, context, beat, plan } = options;
  const routes = createRouteView(cluster, context, beat.signal);
  return withView(cluster, { namespace, about: context.workload, signal: beat.signal }, async (live) => {
    if (options.written !== undefined) live.note(options.written);
    for (;;) {
      beat.signal.throwIfAborted();
      const seen = viewWorkload((kind) => live.objects(kind), context.workload);
      const view = { ...seen, ...(await routes.look()) };
      if (options.isReadOnly !== true) assertFence(view, context);
      const next = await plan(view, beat.now());
      if (next.kind === 'done' || next.kind === 'failed') return next;
      if (next.kind === 'wait') {
        beat.note(`waiting for ${next.for}`);
        await live.change(pauseOf(next, routes.isEmpty), beat.signal);
      } else {
        routes.forget();
        if (!(await tryActions(options, live, view, next.actions))) await live.change(200, beat.signal);
      }
    }
  });
}

function pauseOf({ isCalm }: { readonly isCalm?: boolean }, hasNoRoutes: boolean): number {
  if (isCalm === true) return calmlyAgainMs;
  return hasNoRoutes ? lookAgainMs : routesAgainMs;
}

/** Stops a step that a newer one has overtaken. */
export function assertFence(view: RolloutView, { fence, workload, rolloutId }: PlanContext): void {
  const found = fenceOf(view);
  if (found > fence) throw fenced(workload, fence, found, stoppedBy(view.stable, rolloutId));
}

/** False when an object has changed meanwhile: look again. */
async function tryActions(
  options: Drive,
  live: NamespaceView,
  view: RolloutView,
  actions: readonly Action[],
): Promise<boolean> {
  try {
    await Promise.all(
      actions.map(async (action) => {
        options.beat.note(action.why);
        const written = await perform(options, view, action);
        if (written !== undefined) live.note(written);
      }),
    );
    return true;
  } catch (error: unknown) {
    if (isPortError(error, 'Conflict', 'NotFound')) return false;
    throw error;
  }
}

async function perform(options: Drive, view: RolloutView, action: Action): Promise<KubeObject | undefined> {
  const { cluster, beat } = options;
  switch (action.kind) {
    case 'patch':
      return cluster.patch(action.ref, action.patch, { manager: rolloutManager, signal: beat.signal });
    case 'delete': {
      await cluster.remove(action.ref, {
        propagation: action.propagation,
        uid: action.uid,
        signal: beat.signal,
      });
      // The next look must know that it is going, or the plan would go on as if it stayed.
      const left = await cluster.get(action.ref, beat.signal);
      return left?.metadata.uid === action.uid ? left : undefined;
    }
    case 'createCanary':
      return createCanary(options, view);
    case 'create': {
      const created = await cluster.create(action.object, { manager: rolloutManager, signal: beat.signal });
      if (view.stable !== undefined) await dropIfOutdated(options, refOf(view.stable), created);
      return undefined;
    }
    case 'applyStable': {
      const object = composed(options, { replicas: action.replicas, paused: action.paused });
      const metadata = { ...object.metadata, resourceVersion: action.resourceVersion };
      return cluster.apply({ ...object, metadata }, { manager: gitManager, signal: beat.signal });
    }
  }
}

/** The template comes from a dry-run apply to stable, so that what others have set there is in both (DESIGN 4.1). */
async function createCanary(options: Drive, view: RolloutView): Promise<KubeObject> {
  const { cluster, application, context, beat } = options;
  const { stable } = view;
  if (stable === undefined)
    throw new PortError(`Deployment ${context.workload} is gone`, { code: 'NotFound', retry: 'later' });
  const dryRun = await cluster.apply(
    composed(options, { replicas: stable.spec.replicas ?? 1, paused: true }),
    {
      manager: gitManager,
      dryRun: true,
      signal: beat.signal,
    },
  );
  const { rolloutId, fence } = context;
  const canary = composeCanary(stable, asDeployment(dryRun).spec.template, { application, rolloutId, fence });
  const created = await cluster.create(canary, { manager: rolloutManager, signal: beat.signal });
  await dropIfOutdated(options, refOf(stable), created);
  return created;
}

/** A creation has no resourceVersion to be refused by: look at the fence again, and take the canary back if it came too late. */
async function dropIfOutdated(
  { cluster, context }: Drive,
  stable: ObjectRef,
  created: KubeObject,
): Promise<void> {
  const fresh = await cluster.get(stable);
  const found = fenceOn(fresh);
  if (found <= context.fence) return;
  await cluster.remove(refOf(created), { propagation: 'Background', uid: created.metadata.uid ?? '' });
  throw fenced(nameOf(stable), context.fence, found);
}

function composed(
  { compose, context }: Drive,
  overlay: { replicas: number; paused: boolean },
): DeploymentObject {
  if (compose === undefined)
    throw new Error(`a plan for ${context.workload} wants to write a template, but none was loaded`);
  return compose(overlay);
}
