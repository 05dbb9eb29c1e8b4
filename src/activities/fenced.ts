import { fenceOn } from '../domain/fence';
import type { KubeObject } from '../domain/kube-object';
import { PortError } from '../ports/port-error';

/** What stops a step that a newer one has overtaken, or that a person has stopped without Temporal (`by`). */
export function fenced(name: string, fence: number, found: number, by?: string): PortError {
  const who = by === undefined ? 'a newer step' : by;
  const message = `${who} (fence ${found}) has written ${name}; this one (fence ${fence}) is outdated and stops`;
  const facts = { fence, found, ...(by === undefined ? {} : { by }) };
  return new PortError(message, { code: 'Fenced', retry: 'never', facts });
}

/** Throws PortError `Fenced` when a newer step has written the object. */
export function assertNotFenced(live: KubeObject | undefined, fence: number): void {
  const found = fenceOn(live);
  if (live !== undefined && found > fence) throw fenced(live.metadata.name, fence, found);
}
