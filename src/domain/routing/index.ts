import type { KubeObject } from '../kube-object';
import { alb } from './alb';
import { previousGoal, refused } from './composed';
import { gateway } from './gateway';
import { istio } from './istio';
import type { Composed, RouteGoal, Router } from './router';
import { nginx } from './nginx';
import { smi } from './smi';
import type { RouterKind, RouterSpec } from './spec';
import { traefik } from './traefik';

export { goalText, readGoal } from './goal-text';
export { supports, type Support } from './supports';

/** The router of a specification: pure functions over the objects that it reads. */
export function routerOf(spec: RouterSpec): Router {
  const router = routers[spec.kind] as Router;
  return { ...router, compose: (same, base, goal) => compose(router, same, { base, goal }) };
}

const routers: { readonly [K in RouterKind]: Router<Extract<RouterSpec, { kind: K }>> } = {
  gatewayApi: gateway,
  nginx,
  istio,
  smi,
  traefik,
  alb,
};

/** One object carries one goal: two workloads that shared it would overwrite each other's routes. */
function compose(
  router: Router,
  spec: RouterSpec,
  { base, goal }: { readonly base: KubeObject; readonly goal: RouteGoal },
): Composed {
  const other = previousGoal(base)?.workload ?? goal.workload;
  if (other === goal.workload) return router.compose(spec, base, goal);
  const message = `${base.kind} ${base.metadata.name} is routed for ${other} now`;
  return refused(
    'metadata.annotations',
    message,
    `wait for the rollout of ${other}, or give each workload an object`,
  );
}
