import { formatMillis } from './duration';
import type { SetCanaryScale } from './routed-counts';
import type { RolloutStep } from './strategy';

/** `setWeight 20`, `pause 30 s`, `analysis success-rate`: one step in a few words. */
export function describeStep(step: RolloutStep): string {
  switch (step.kind) {
    case 'setWeight':
      return `setWeight ${step.weight}`;
    case 'pause':
      return step.durationMs === undefined
        ? 'pause until promoted'
        : `pause ${formatMillis(step.durationMs)}`;
    case 'setCanaryScale':
      return `setCanaryScale ${describeScale(step.scale)}`;
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return `${step.kind} ${step.name}${step.match.length === 0 ? ' (removed)' : ''}`;
    case 'analysis':
      return `analysis ${step.analysis.templates.map((each) => each.templateName).join(', ')}`;
    case 'experiment':
      return `experiment ${step.experiment.templates.map((each) => each.name).join(', ')}`;
  }
}

function describeScale({ replicas, weight, matchTrafficWeight }: SetCanaryScale): string {
  if (matchTrafficWeight === true) return 'as the traffic';
  return replicas === undefined ? `${weight ?? 0} %` : `${replicas} pods`;
}
