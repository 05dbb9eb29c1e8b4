import { basicCanaryGoal } from '../canary-goal';
import { peekList } from '../peek';
import type { SetCanaryScale } from '../routed-counts';
import type { CanaryStrategy, RolloutStep } from '../strategy';
import { findingAt, type LintFinding, type Remark } from './finding';
import type { Linted, Subject } from './subject';

const steps = ['spec', 'strategy', 'canary', 'steps'];

/** Steps that do something else than they seem to. */
export function lintSteps({ subjects }: Linted): readonly LintFinding[] {
  return subjects.flatMap((subject) => {
    const { strategy } = subject.workload;
    if (strategy.kind !== 'canary' && strategy.kind !== 'inPlace') return [];
    // Where a step could not be read, what is left over says nothing about the whole.
    if (strategy.steps.length !== peekList(subject.by.object, ...steps).length) return [];
    const remarks = [
      ...earlyPause(strategy.steps),
      ...judgedByPods(strategy.steps, strategy.analysis !== undefined),
      ...(strategy.kind === 'inPlace' ? [] : canaryRemarks(strategy, subject)),
    ];
    return remarks.map((remark) => findingAt(subject.by, remark));
  });
}

function canaryRemarks(strategy: CanaryStrategy, { workload: { replicas } }: Subject): readonly Remark[] {
  if (strategy.routing !== undefined) return scaleBelowWeight(strategy, replicas);
  return replicas === undefined ? [] : coarseWeights(strategy, replicas);
}

/** A pause before the first weight: nobody sees the new version while it waits. */
function earlyPause(all: readonly RolloutStep[]): readonly Remark[] {
  const [first] = all;
  if (first?.kind !== 'pause' || all.length === 1) return [];
  const message = 'waits before the new version has a single user';
  const remedy = 'write setWeight or setCanaryScale before it';
  return [{ severity: 'warning', code: 'EarlyPause', path: [...steps, 0], message, remedy }];
}

/** Only timed pauses: what goes wrong without breaking a pod goes out to everybody. */
function judgedByPods(all: readonly RolloutStep[], isAnalysed: boolean): readonly Remark[] {
  const looks = all.some(
    (each) =>
      each.kind === 'analysis' ||
      each.kind === 'experiment' ||
      (each.kind === 'pause' && each.durationMs === undefined),
  );
  if (isAnalysed || looks || !all.some((each) => each.kind === 'pause')) return [];
  const message = 'no step looks at more than the health of pods: no analysis, and no pause for a person';
  const remedy = 'add an analysis, or `pause: {}` where somebody should look';
  return [{ severity: 'note', code: 'JudgedByPods', path: steps, message, remedy }];
}

/** A canary that was given a size keeps it: later weights can send more users than it can take. */
function scaleBelowWeight(strategy: CanaryStrategy, replicas: number | undefined): readonly Remark[] {
  let scale: SetCanaryScale | undefined;
  return strategy.steps.flatMap((step, index): Remark[] => {
    if (step.kind === 'setCanaryScale')
      scale = step.scale.matchTrafficWeight === true ? undefined : step.scale;
    if (step.kind !== 'setWeight' || scale === undefined) return [];
    const share = (step.weight * 100) / (strategy.routing?.maxTrafficWeight ?? 100);
    const needed = replicas === undefined ? undefined : Math.ceil((replicas * share) / 100);
    const isSmaller =
      scale.replicas === undefined
        ? (scale.weight ?? 100) < share
        : needed !== undefined && scale.replicas < needed;
    if (!isSmaller) return [];
    const size =
      scale.replicas === undefined ? `${scale.weight ?? 0} % of the pods` : `${scale.replicas} pods`;
    const message = `${step.weight} of the traffic goes to ${size}: setCanaryScale is still in force`;
    const remedy = 'write `setCanaryScale: {matchTrafficWeight: true}` before it';
    const path = [...steps, index, 'setWeight'];
    return [{ severity: 'warning', code: 'ScaleBelowWeight', path, message, value: step.weight, remedy }];
  });
}

/** Without a router pods are the weight, and few pods make large ones. */
function coarseWeights(strategy: CanaryStrategy, replicas: number): readonly Remark[] {
  return strategy.steps.flatMap((step, index): Remark[] => {
    if (step.kind !== 'setWeight' || replicas === 0) return [];
    const { canary, stable } = basicCanaryGoal({ ...strategy, replicas, weight: step.weight });
    const share = Math.round((canary * 100) / Math.max(canary + stable, 1));
    if (Math.abs(share - step.weight) <= 10) return [];
    const message = `weight ${step.weight} of ${replicas} pods is ${canary} of ${canary + stable}: ${share} %`;
    const remedy = 'use more replicas, a weight that pods can make, or trafficRouting';
    const path = [...steps, index, 'setWeight'];
    return [{ severity: 'warning', code: 'CoarseWeight', path, message, value: step.weight, remedy }];
  });
}
