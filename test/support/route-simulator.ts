import { isOwnedBy, isReady, matches } from '../../src/domain/apps';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { Action, PlanContext } from '../../src/domain/plans/plan';
import { actualWeight } from '../../src/domain/plans/plan-routed';
import { routeRefs } from '../../src/domain/plans/route-goal';
import { currentReplicaSet, replicaSetOf, type RolloutView } from '../../src/domain/rollout-view';
import { Simulator } from './view-simulator';

/** The same with a router's objects, a Gateway that answers for its routes, and pods that take a moment to be ready. */
export class RouteSimulator extends Simulator {
  protected override readonly isQuick = false;

  constructor(
    replicas: number,
    private readonly context: PlanContext,
    routes: readonly KubeObject[],
  ) {
    super(replicas);
    for (const each of routes) this.put(each);
    this.settle();
  }

  override view(): RolloutView {
    const { edited, sources } = routeRefs(this.context);
    const found = (refs: readonly ObjectRef[]): KubeObject[] =>
      [...this.objects.values()].filter((each) => refs.some((ref) => keyOf(ref) === keyOf(refOf(each))));
    return { ...super.view(), routes: found(edited), routeSources: found(sources) };
  }

  override settle(times = 20): void {
    for (let round = 0; round < times; round++) {
      super.settle(1);
      for (const route of this.all('HTTPRoute')) this.answer(route);
    }
  }

  override perform(action: Action, context: PlanContext): boolean {
    if (action.kind !== 'delete' || action.ref.kind === 'Deployment') return super.perform(action, context);
    const { kind, name } = action.ref;
    if (this.get(kind, name)?.metadata.uid === action.uid) this.objects.delete(`${kind}/${name}`);
    return true;
  }

  /** What a person does with `kubectl patch` and `kubectl delete`. */
  meddle(kind: string, name: string, patch: object | undefined): void {
    const object = this.get(kind, name);
    if (object === undefined) return;
    if (patch === undefined) this.objects.delete(`${kind}/${name}`);
    else this.change(object, patch);
  }

  object(kind: string, name: string): KubeObject | undefined {
    return this.get(kind, name);
  }

  /** Share of the canary in the routes, of `maxTrafficWeight`. */
  weight(): number {
    return actualWeight(this.view(), this.context);
  }

  /** Ready pods that a Service selects, by the version they are of. */
  serving(service: string): { readonly old: number; readonly fresh: number } {
    const selector = (this.get('Service', service)?.['spec'] as { selector?: Record<string, string> })
      .selector;
    const selected = this.pods((pod) => isReady(pod) && matches(selector, pod.metadata.labels));
    const fresh = selected.filter((pod) => pod.metadata.labels?.[marks.rollout] === this.context.rolloutId);
    return { old: selected.length - fresh.length, fresh: fresh.length };
  }

  /** Ready pods of the version that the rollout found. */
  oldPods(): number {
    const { rolloutId } = this.context;
    return this.pods((pod) => isReady(pod) && pod.metadata.labels?.[marks.rollout] !== rolloutId).length;
  }

  /** All marks of rollouts that are left on objects that are not the canary's. */
  leftMarks(): readonly string[] {
    const { stable, canary, routes = [] } = this.view();
    const left = [stable, ...routes].flatMap((each) =>
      [marks.route, marks.wanted].filter((mark) => each?.metadata.annotations?.[mark] !== undefined),
    );
    return canary === undefined ? left : [...left, 'canary'];
  }

  /** A node is lost: all pods of a version become unready. */
  unready(version: 'old' | 'fresh'): void {
    const view = this.view();
    const set =
      version === 'fresh' ? replicaSetOf(view, this.context.rolloutId) : currentReplicaSet(view, view.stable);
    for (const pod of this.pods((each) => isOwnedBy(each, set)))
      this.change(pod, { status: { conditions: [{ type: 'Ready', status: 'False' }] } });
  }

  private answer(route: KubeObject): void {
    const { generation = 0 } = route.metadata;
    const status = route['status'] as { readonly seen?: number } | undefined;
    if (status?.seen === generation) return;
    const { parentRefs } = route['spec'] as { readonly parentRefs: readonly object[] };
    const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
      type,
      status: 'True',
      observedGeneration: generation,
    }));
    const parents = parentRefs.map((parentRef) => ({ parentRef, conditions }));
    this.change(route, { status: { seen: generation, parents } });
  }
}
