import type { KubeObject } from '../kube-object';
import { conditionOf, peekList, peekNumber, peekText } from '../peek';
import { health } from './status';
import type { Health } from './status';

const waiting = health('Progressing', 'it has no status of its newest spec yet');

/** Gateway (Argo CD, resource_customizations/gateway.networking.k8s.io): its own conditions, then those of its listeners. */
export function gatewayHealth(object: KubeObject): Health {
  const listeners = peekList(object, 'status', 'listeners');
  const own = peekList(object, 'status', 'conditions');
  if (own.length === 0 && listeners.length === 0) return waiting;
  if (isStale(object, own)) return waiting;
  return (
    troubleOf(own) ??
    first(listeners, (each) =>
      troubleOf(peekList(each, 'conditions'), `listener ${peekText(each, 'name') ?? ''}`),
    ) ??
    health('Healthy')
  );
}

/** GatewayClass (Argo CD, as above): accepted by its controller. */
export function gatewayClassHealth(object: KubeObject): Health {
  const accepted = conditionOf(object, 'Accepted');
  if (accepted === undefined || isStale(object, [accepted])) return waiting;
  const message = peekText(accepted, 'message');
  switch (peekText(accepted, 'status')) {
    case 'True':
      return health('Healthy', message);
    case 'False':
      return health('Degraded', message);
    default:
      return health('Progressing', message);
  }
}

/** HTTPRoute and its siblings (Argo CD, as above): what those parents say that have seen the newest spec. */
export function routeHealth(object: KubeObject): Health {
  const parents = peekList(object, 'status', 'parents').filter((parent) => {
    const conditions = peekList(parent, 'conditions');
    return conditions.length > 0 && !isStale(object, conditions);
  });
  if (parents.length === 0) return waiting;
  return (
    first(parents, (parent) =>
      troubleOf(peekList(parent, 'conditions'), `parent ${peekText(parent, 'parentRef', 'name') ?? ''}`),
    ) ?? health('Healthy')
  );
}

/** Not resolved or not accepted: Degraded; not programmed yet: Progressing. */
function troubleOf(conditions: readonly unknown[], whose?: string): Health | undefined {
  const saying = (condition: unknown, otherwise: string): string =>
    [whose, peekText(condition, 'message') ?? otherwise].filter((part) => part !== undefined).join(': ');
  for (const type of ['ResolvedRefs', 'Accepted']) {
    const refused = conditions.find((each) => isOf(each, type) && peekText(each, 'status') === 'False');
    if (refused !== undefined) return health('Degraded', saying(refused, `${type} is False`));
  }
  const pending = conditions.find((each) => isOf(each, 'Programmed') && peekText(each, 'status') !== 'True');
  return pending === undefined
    ? undefined
    : health('Progressing', saying(pending, 'it is not programmed yet'));
}

function isOf(condition: unknown, type: string): boolean {
  return peekText(condition, 'type') === type;
}

/** Conditions of the Gateway API carry the generation that they are about; those that carry none count. */
function isStale({ metadata }: KubeObject, conditions: readonly unknown[]): boolean {
  const seen = conditions.map((each) => peekNumber(each, 'observedGeneration'));
  if (metadata.generation === undefined || seen.every((each) => each === undefined)) return false;
  return !seen.includes(metadata.generation);
}

function first<T>(list: readonly T[], find: (each: T) => Health | undefined): Health | undefined {
  for (const each of list) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
