import type { KubeObject } from '../kube-object';
import { marks } from '../marks';
import { mapOf } from '../read-json';
import { syncAnnotations } from '../sync/annotations';

const hookAnnotations = [syncAnnotations.hook, syncAnnotations.helmHook, 'belay.dev/hook'];

/**
 * Whether an object has a say in the health of its application (Argo CD, controller/health.go: hooks have none). What a rollout makes
 * for its time (canary and experiment Deployments, parked ReplicaSets, Jobs of hooks) is the rollout's matter, which judges it itself.
 */
export function countsForApplication({ metadata: { labels, annotations } }: KubeObject): boolean {
  const isOfRollout = [marks.canaryOf, marks.experiment, marks.parked, marks.rollout].some(
    (label) => labels?.[label] !== undefined,
  );
  if (isOfRollout) return false;
  return !hookAnnotations.some((name) => (annotations?.[name] ?? 'Skip') !== 'Skip');
}

/**
 * The object as its health is judged: a Deployment that a rollout has paused is no suspended one; what it serves with meanwhile is
 * judged as if it were not paused.
 */
export function asJudged(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment' || object.metadata.annotations?.[marks.wanted] === undefined)
    return object;
  const { paused: _paused, ...spec } = mapOf(object['spec']);
  return { ...object, spec };
}
