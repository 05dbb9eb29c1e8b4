import { isOf, rolloutKind } from '../read-revision';
import { isScaler, scaledRollout } from '../read-scalers';
import { findingAt, type LintFinding } from './finding';
import type { Linted } from './subject';

/** Autoscalers of blue-green workloads: pods of the preview, which have no users, count in their averages. */
export function lintScalers({ objects, namespace, read, subjects }: Linted): readonly LintFinding[] {
  const rollouts = objects.filter((each) => isOf(each, rolloutKind));
  const revision = { objects, namespace, problems: [], templates: read.templates };
  return objects.filter(isScaler).flatMap((scaler) => {
    const target = scaledRollout(scaler, rollouts, revision);
    const subject = subjects.find(({ by }) => by === target);
    if (subject?.workload.strategy.kind !== 'blueGreen') return [];
    const message = `counts the preview of Rollout ${subject.by.object.metadata.name} in its averages, though it has no users`;
    const remedy = 'give it room: a minReplicas that carries the load during a rollout';
    const path = ['spec', 'scaleTargetRef'];
    return [findingAt(scaler, { severity: 'warning', code: 'ScaledPreview', path, message, remedy })];
  });
}
