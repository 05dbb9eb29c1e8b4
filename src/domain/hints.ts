import type { KubeObject, ManagedFieldsEntry } from './kube-object';
import { gitManager, rolloutManager } from './marks';

const ours = [gitManager, rolloutManager, `${gitManager}-inventory`, `${gitManager}-state`];
/** Controllers that write specs or metadata in the course of their work; what they do is not drift. */
const controllers = ['kube-controller-manager', 'kube-scheduler', 'endpointslice-controller'];

/**
 * Whether the newest writer of an object, status aside, is somebody else than Belay or a controller: then its application should
 * look. `managedFields` times have whole seconds, so on a tie it is worth a look; an entry without a time (`kubectl scale` writes
 * one for its subresource) counts as the newest. No managed fields: look.
 */
export function isForeignChange(object: KubeObject): boolean {
  const entries = (object.metadata.managedFields ?? []).filter((each) => each.subresource !== 'status');
  if (entries.length === 0) return true;
  const timeOf = (entry: ManagedFieldsEntry): number =>
    entry.time === undefined ? Infinity : Date.parse(entry.time);
  const newest = Math.max(...entries.map(timeOf));
  const writers = entries.filter((each) => timeOf(each) === newest).map((each) => each.manager ?? '');
  return writers.some((manager) => !ours.includes(manager) && !controllers.includes(manager));
}

/** What of an object can drift: it changes when somebody edits it, not when its status moves. */
export function driftKey(object: KubeObject): string {
  const { status: _status, metadata, ...rest } = object;
  const { labels, annotations } = metadata;
  if (metadata.generation !== undefined)
    return `${metadata.uid} ${metadata.generation} ${JSON.stringify([labels, annotations])}`;
  return `${metadata.uid} ${JSON.stringify([rest, labels, annotations])}`;
}
