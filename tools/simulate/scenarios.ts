import { badScenarios } from './bad-scenarios';
import { latencyScenarios } from './latency-scenarios';
import { brokenScenarios, sameScenarios, toleratedScenarios } from './same-scenarios';
import type { Scenario } from './scenario';

export const scenarios: readonly Scenario[] = [
  ...sameScenarios,
  ...toleratedScenarios,
  ...badScenarios,
  ...latencyScenarios,
  ...brokenScenarios,
];

/** The scenario of that name; an unknown one is an error that lists all. */
export function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = scenarios.map((scenario) => `"${scenario.name}"`).join(', ');
  throw new Error(`there is no scenario "${name}"; there are ${names}`);
}
