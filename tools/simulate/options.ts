import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario';
import { scenarioOf, scenarios } from './scenarios';

export interface Options {
  readonly rollouts: number;
  readonly seed: number;
  readonly scenarios: readonly Scenario[];
  readonly workers: number;
  /** Also whole rollouts, from the first weight to the last. */
  readonly withRollouts: boolean;
}

export const usage = `npm run simulate -- [options]   false alarms and detection of each way to judge a canary, as Markdown

  --rollouts N     rollouts of each scenario (10000)
  --seed N         where chance begins (1)
  --scenario NAME  only this one, or "rollouts"; may be given more than once
  --workers N      processes to use (2, or the cores there are)`;

/** Throws an Error with a sentence for a person. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rollouts: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      scenario: { type: 'string', multiple: true },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = values.scenario;
  return {
    rollouts: whole('--rollouts', values.rollouts, 1),
    seed: whole('--seed', values.seed, 0),
    workers: whole('--workers', values.workers, 1),
    scenarios: names === undefined ? scenarios : names.filter((name) => name !== 'rollouts').map(scenarioOf),
    withRollouts: names?.includes('rollouts') ?? true,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} ${text} is not a whole number of at least ${least}`);
}
