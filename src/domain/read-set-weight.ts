import type { Fields } from './fields';
import { kindOf } from './read-json';
import type { StepContext } from './step-context';
import type { RolloutStep } from './strategy';

/** Reads `setWeight`: whole percent, or parts of the router's `maxTrafficWeight`. */
export function readSetWeight(step: Fields, { routing }: StepContext): RolloutStep | undefined {
  const weight = step.raw('setWeight');
  const number = Number(step.path.at(-1)) + 1;
  const most = routing?.maxTrafficWeight ?? 100;
  const advice = { value: weight, remedy: `write a whole number from 0 to ${most}` };
  if (typeof weight !== 'number' || !Number.isInteger(weight)) {
    const shown = typeof weight === 'string' ? `"${weight}"` : kindOf(weight);
    return step.invalid('setWeight', `weight of step ${number} must be a whole number, not ${shown}`, advice);
  }
  if (weight >= 0 && weight <= most) return { kind: 'setWeight', weight };
  const side = weight < 0 ? 'below 0' : `above ${most}`;
  return step.invalid('setWeight', `weight ${weight} of step ${number} is ${side}`, advice);
}
