import { Fields } from './fields';
import { readDuration } from './duration';
import { isMap, kindOf } from './read-json';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readWith } from './read-with';
import type { RolloutStep } from './strategy';

const simpler = 'use setWeight and pause steps';
const needsRouter = 'remove the step: weights are made by replica counts, without a traffic router';
const refusals: Refusals = {
  analysis: [
    'an analysis step is',
    'put a `pause: {}` in its place and look for yourself, then `belay promote`',
  ],
  experiment: ['an experiment step is', simpler],
  setCanaryScale: ['a setCanaryScale step is', needsRouter],
  setHeaderRoute: ['a setHeaderRoute step is', needsRouter],
  setMirrorRoute: ['a setMirrorRoute step is', needsRouter],
  plugin: ['a plugin step is', simpler],
};
const kinds = ['setWeight', 'pause', ...Object.keys(refusals)];

/** Reads `canary.steps`. Each step does exactly one thing. */
export function readSteps(canary: Fields): readonly RolloutStep[] {
  return canary.maps('steps').flatMap((step) => {
    const found = readStep(step);
    return found === undefined ? [] : [found];
  });
}

function readStep(step: Fields): RolloutStep | undefined {
  refuse(step, refusals);
  const written = kinds.filter((kind) => step.raw(kind) !== undefined);
  reportUnknown(step);
  const number = Number(step.path.at(-1)) + 1;
  if (written.length > 1) {
    const message = `step ${number} does ${written.length} things: ${written.join(' and ')}`;
    step.report({
      code: 'InvalidSpec',
      path: step.path,
      message,
      remedy: 'make each of them a step of its own',
    });
    return undefined;
  }
  if (written.length === 0 && step.unread().unread.length === 0) {
    const empty = Object.keys(step.values)[0];
    const message = `step ${number} does nothing${empty === undefined ? '' : `: ${empty} is empty`}`;
    const remedy = 'write `setWeight: 20`, `pause: {duration: 5m}`, or `pause: {}` to wait for a person';
    step.report({ code: 'InvalidSpec', path: step.path, message, remedy });
  }
  if (step.raw('setWeight') !== undefined) return readSetWeight(step, number);
  return step.raw('pause') === undefined ? undefined : readPause(step);
}

function readSetWeight(step: Fields, number: number): RolloutStep | undefined {
  const weight = step.raw('setWeight');
  const advice = { value: weight, remedy: 'write a whole number from 0 to 100' };
  if (typeof weight !== 'number' || !Number.isInteger(weight)) {
    const shown = typeof weight === 'string' ? `"${weight}"` : kindOf(weight);
    return step.invalid('setWeight', `weight of step ${number} must be a whole number, not ${shown}`, advice);
  }
  if (weight > 100)
    return step.invalid('setWeight', `weight ${weight} of step ${number} is above 100`, advice);
  if (weight < 0) return step.invalid('setWeight', `weight ${weight} of step ${number} is below 0`, advice);
  return { kind: 'setWeight', weight };
}

function readPause(step: Fields): RolloutStep | undefined {
  const value = step.raw('pause');
  if (!isMap(value)) {
    const remedy = 'write `pause: {duration: 5m}`, or `pause: {}` to wait for a person';
    return step.invalid('pause', `must be a map of fields, not ${kindOf(value)}`, { value, remedy });
  }
  const pause = new Fields(step.source, [...step.path, 'pause'], value);
  const durationMs = readWith(pause, 'duration', readDuration);
  reportUnknown(pause);
  return durationMs === undefined ? { kind: 'pause' } : { kind: 'pause', durationMs };
}
