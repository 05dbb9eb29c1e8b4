import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { peekList, peekText } from '../peek';

/** Service (Argo CD, health_service.go): only a load balancer has something to wait for. */
export function serviceHealth(object: KubeObject): Health {
  return peekText(object, 'spec', 'type') === 'LoadBalancer' ? addressHealth(object) : health('Healthy');
}

/** Ingress (Argo CD, health_ingress.go). */
export function ingressHealth(object: KubeObject): Health {
  return addressHealth(object);
}

function addressHealth(object: KubeObject): Health {
  const hasAddress = peekList(object, 'status', 'loadBalancer', 'ingress').length > 0;
  return hasAddress ? health('Healthy') : health('Progressing', 'it has no address yet');
}
