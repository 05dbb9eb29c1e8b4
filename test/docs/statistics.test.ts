import { readProjectFile } from '../support/compose-file';
import { playScenario, type Outcome } from '../../tools/simulate/play';
import { policies } from '../../tools/simulate/policies';
import { randomOf } from '../../tools/simulate/random';
import { playRollouts } from '../../tools/simulate/rollouts';
import { scenarioOf, scenarios } from '../../tools/simulate/scenarios';
import { sequentialTest, wholeSequential } from '../../tools/simulate/sequential';
import { meanOf } from '../../tools/simulate/statistics';
import { report } from '../../tools/simulate/table';

/** What docs/statistics.md says of large simulations, where a small one shows it for certain. */
const seed = 20;

function playSmall(name: string, rollouts: number, engine: string): Outcome {
  const scenario = scenarioOf(name);
  const engines = scenario.engines
    .filter((each) => each.name === engine)
    .map((each) => ({ ...each, every: 1 }));
  return playScenario({ ...scenario, engines }, { from: 0, to: rollouts, seed })[0]!;
}

const promised = scenarios.filter(({ kind }) => kind === 'same' || kind === 'tolerated');

test.each(promised.map(({ name, says }) => [name, says]))('%s: hardly ever rolled back (%s)', (name) => {
  // Were one of a hundred rolled back, more than five of fifty would happen in less than one of a hundred thousand runs.
  expect(playSmall(name, 50, 'sequential').falseAlarms).toBeLessThanOrEqual(5);
});

test.each([
  ['bad 5 %', 40],
  ['bad 20 %', 35],
  ['bad 100 %', 25],
])('%s is found within %d s on average', (name, bound) => {
  const { misses, delays } = playSmall(name, 100, 'sequential');
  expect(misses).toBe(0);
  expect(meanOf(delays)).toBeLessThanOrEqual(bound);
});

test.each([
  ['Argo, documented', 'bad 20 %', 1200],
  ['Flagger', 'bad 20 %', 360],
])('%s finds "%s" after %d s', (engine, name, expected) => {
  const { delays } = playSmall(name, 20, engine);
  expect(new Set(delays)).toEqual(new Set([expected]));
});

test('the documented Argo example never finds 1 %, Kayenta with production as its baseline hardly', () => {
  expect(playSmall('bad 1 %', 20, 'Argo, documented').misses).toBe(20);
  expect(playSmall('bad 1 %', 20, 'Kayenta, production').misses).toBeGreaterThan(10);
  expect(playSmall('bad 1 %', 20, 'judge').misses).toBe(0);
});

test.each(['bad 1 %', 'bad 5 %', 'late 5 %', 'line-steps'])(
  'the tables are those of the whole analysis (%s)',
  (name) => {
    const [test, whole] = [sequentialTest(), wholeSequential];
    for (let rollout = 0; rollout < 8; rollout += 1) {
      const world = scenarioOf(name).play(randomOf(seed, name, rollout));
      expect(whole.watch(world)).toBe(test.watch(world));
    }
  },
);

test('a good version is promoted, one with 1 % never', () => {
  const [policy] = policies;
  expect(playRollouts(policy!, 0.001, 20, seed).promoted).toBe(20);
  expect(playRollouts(policy!, 0.01, 20, seed)).toMatchObject({ promoted: 0, rolledBack: 20 });
});

test('the page shows what the code of this commit does', () => {
  const scenario = scenarioOf('bad 20 %');
  const engines = scenario.engines.filter(({ name }) => name === 'sequential');
  const outcomes = playScenario({ ...scenario, engines }, { from: 0, to: 10_000, seed: 1 });
  const row = /^\| sequential \|.*$/m.exec(report([{ scenario, outcomes }]).split('### Found')[1] ?? '');
  expect(readProjectFile('docs/statistics.md')).toContain(row?.[0] ?? 'no row');
});
