import { fenceOn } from '../domain/fence';
import type { KubeObject } from '../domain/kube-object';
import { PortError } from '../ports/port-error';

/** What stops a step that a newer one has overtaken. */
export function fenced(name: string, fence: number, found: number): PortError {
  const message = `a newer step (fence ${found}) has written ${name}; this one (fence ${fence}) is outdated and stops`;
  return new PortError(message, { code: 'Fenced', retry: 'never', facts: { fence, found } });
}

/** Throws PortError `Fenced` when a newer step has written the object. */
export function assertNotFenced(live: KubeObject | undefined, fence: number): void {
  const found = fenceOn(live);
  if (live !== undefined && found > fence) throw fenced(live.metadata.name, fence, found);
}
