import { fewNames } from '../../domain/few';
import type { DrillPlan, DrillRequest } from './plan-drill';
import type { Subject } from './subject';

/** What a drill is about to do, line by line. */
export function describeDrill(
  { faulty, isRelease, name }: Subject,
  { what, moved, still }: DrillPlan,
  { fault }: DrillRequest,
  experiment: readonly string[],
): readonly string[] {
  const { spec, state } = faulty;
  const branch = (state.branch ?? '').replace('refs/heads/', '');
  return [
    ...(fault === 'experiment' ? [`makes a new version of ${what}`] : [`breaks ${what} (${fault})`]),
    `by a commit on ${branch} of ${spec.source.repoUrl}, which ${spec.name} delivers to namespace ${spec.destination.namespace}`,
    ...experiment,
    ...(moved.length > 0
      ? [`moves ${fewNames(moved).join(', ')} with it, by an annotation of their pods`]
      : []),
    ...(still.length > 0 ? [`does not move ${fewNames(still).join(', ')}`] : []),
    `and expects Belay to take ${isRelease ? `all of ${name}` : 'it'} back, in the cluster and by one commit in Git`,
  ];
}
