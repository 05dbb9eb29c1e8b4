import type { KubeObject, ObjectRef } from '../domain/kube-object';
import type { PlanContext } from '../domain/plans/plan';
import { routeRefs } from '../domain/plans/route-goal';
import type { Cluster } from '../ports/cluster';

/** The router's objects as they are now. */
export interface RouteView {
  readonly isEmpty: boolean;
  /** Reads them, unless they have been read in the last moments and nothing was written since. */
  look(): Promise<{ readonly routes: readonly KubeObject[]; readonly routeSources: readonly KubeObject[] }>;
  /** They have been written to. */
  forget(): void;
}

const freshMs = 200;

/** Reads what a plan with a traffic router has to see; nothing without one. */
export function createRouteView(cluster: Cluster, context: PlanContext, signal: AbortSignal): RouteView {
  const { edited, sources } = routeRefs(context);
  let read = {
    at: -Infinity,
    routes: [] as readonly KubeObject[],
    routeSources: [] as readonly KubeObject[],
  };
  const get = async (refs: readonly ObjectRef[]): Promise<readonly KubeObject[]> => {
    const found = await Promise.all(refs.map((ref) => cluster.get(ref, signal)));
    return found.filter((each) => each !== undefined);
  };
  return {
    isEmpty: edited.length === 0,
    async look() {
      if (edited.length > 0 && performance.now() - read.at > freshMs) {
        const [routes, routeSources] = await Promise.all([get(edited), get(sources)]);
        read = { at: performance.now(), routes, routeSources };
      }
      return read;
    },
    forget: () => void (read = { ...read, at: -Infinity }),
  };
}
