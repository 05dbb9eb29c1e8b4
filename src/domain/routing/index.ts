import { alb } from './alb';
import { gateway } from './gateway';
import { istio } from './istio';
import type { Router } from './router';
import { nginx } from './nginx';
import { smi } from './smi';
import type { RouterKind, RouterSpec } from './spec';
import { traefik } from './traefik';

export { withoutGoal } from './composed';
export { goalText, readGoal, readGoals } from './goal-text';
export { supports, type Support } from './supports';

/** The router of a specification: pure functions over the objects that it reads. */
export function routerOf(spec: RouterSpec): Router {
  return routers[spec.kind];
}

const routers: { readonly [K in RouterKind]: Router<Extract<RouterSpec, { kind: K }>> } = {
  gatewayApi: gateway,
  nginx,
  istio,
  smi,
  traefik,
  alb,
};
