import type { Fields } from './fields';
import { readAnalysisRef } from './read-analysis-ref';
import { readExperiment } from './read-experiment';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readCanaryScale } from './read-canary-scale';
import { readHeaderRoute, readMirrorRoute } from './read-managed-routes';
import { readPause } from './read-pause';
import { readSetWeight } from './read-set-weight';
import type { StepContext } from './step-context';
import type { RolloutStep } from './strategy';

const refusals: Refusals = {
  plugin: ['a plugin step is', 'use an analysis step with a web or job metric'],
};

/** Reads one step; called only when its key is written. */
type StepReader = (step: Fields, context: StepContext) => RolloutStep | undefined;

const readers: Readonly<Record<RolloutStep['kind'], StepReader>> = {
  setWeight: readSetWeight,
  pause: readPause,
  setCanaryScale: readCanaryScale,
  setHeaderRoute: readHeaderRoute,
  setMirrorRoute: readMirrorRoute,
  analysis: (step, { revision }) => {
    const analysis = readAnalysisRef(step, 'analysis', revision);
    return analysis && { kind: 'analysis', analysis };
  },
  experiment: (step, { revision }) => {
    const experiment = readExperiment(step, revision);
    return experiment && { kind: 'experiment', experiment };
  },
};
const kinds = Object.keys(readers) as RolloutStep['kind'][];
/** What needs pods of two versions that can be told apart, which pods replaced in place are not. */
const needsTwoVersions: ReadonlySet<string> = new Set([
  'setCanaryScale',
  'setHeaderRoute',
  'setMirrorRoute',
  'experiment',
]);

/** Reads `canary.steps`. Each step does exactly one thing (Argo Rollouts, `hasMultipleStepsType`, but for every kind of step). */
export function readSteps(canary: Fields, context: StepContext): readonly RolloutStep[] {
  return canary.maps('steps').flatMap((step) => {
    const found = readStep(step, context);
    return found === undefined ? [] : [found];
  });
}

function readStep(step: Fields, context: StepContext): RolloutStep | undefined {
  refuse(step, refusals);
  const written = [...kinds, 'plugin'].filter((kind) => step.raw(kind) !== undefined);
  reportUnknown(step);
  const number = Number(step.path.at(-1)) + 1;
  const at = { code: 'InvalidSpec', path: step.path } as const;
  if (written.length > 1) {
    const message = `step ${number} does ${written.length} things: ${written.join(' and ')}`;
    step.report({ ...at, message, remedy: 'make each of them a step of its own' });
    return undefined;
  }
  if (written.length === 0 && step.unread().unread.length === 0) {
    const empty = Object.keys(step.values)[0];
    const message = `step ${number} does nothing${empty === undefined ? '' : `: ${empty} is empty`}`;
    const remedy = 'write `setWeight: 20`, `pause: {duration: 5m}`, or `pause: {}` to wait for a person';
    step.report({ ...at, message, remedy });
  }
  const kind = kinds.find((each) => each === written[0]);
  if (kind === undefined) return undefined;
  if (!context.isInPlace || !needsTwoVersions.has(kind)) return readers[kind](step, context);
  const message = `a ${kind} step has no meaning for pods that are replaced in place`;
  return step.invalid(kind, message, { remedy: 'use setWeight, pause and analysis steps' });
}
