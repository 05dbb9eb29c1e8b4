import { requestsMissing } from '../../../src/domain/sequential/missing';
import { counting } from '../../../src/domain/sequential/rules';
import { config, counterFields, Fleet, Run } from './builder';

/** Requests that a run says are missing, and the ones that it then took with the same shares. */
function promised(share: number, nextWeight: number): readonly [said: number, took: number] {
  const [run, fleet] = [new Run(config({ rollback: { alpha: '0.001%' } })), new Fleet()];
  const step = { index: 0, nextWeight };
  const [metric] = counting(run.config);
  run.tick(fleet.read(), { step });
  const serve = () => run.tick(fleet.serve([1000, 1000 * share], [1000, 1000 * share]).read(), { step });
  for (let i = 0; i < 2; i++) serve();
  const said = metric === undefined ? 0 : (requestsMissing(run.config, run.state, metric) ?? 0);
  let took = 0;
  while (run.verdict.kind === 'continue' && took < 1e6) {
    serve();
    took += 1000;
  }
  return [said, took];
}

test.each([
  [0, 1],
  [0.001, 1],
  [0.002, 1],
  [0.01, 1],
  [0.01, 0.5],
])('says how many requests are missing at a share of %p and a next weight of %p', (share, nextWeight) => {
  const [said, took] = promised(share, nextWeight);
  expect(said).toBeLessThanOrEqual(1.02 * took);
  expect(said).toBeGreaterThan(took - 1100);
});

test('tells each metric that has not passed, and ticks that a step must have', () => {
  const metrics = ['a', 'b'].map((name) => ({ name, ...counterFields }));
  const [run, fleet, poor] = [
    new Run(config({ metrics, promote: { minTicks: 3 } })),
    new Fleet(),
    new Fleet(),
  ];
  run.tick({ a: fleet.read(), b: poor.read() });
  expect(run.verdict.missing).toEqual([
    'a: nothing to reckon with yet (evidence 1 of 20)',
    'b: nothing to reckon with yet (evidence 1 of 20)',
    '3 more ticks in this step',
  ]);
  run.tick({ a: fleet.serve([20_000, 0], [20_000, 0]).read(), b: poor.serve([100, 0], [900, 0]).read() });
  expect(run.verdict.missing).toEqual([
    expect.stringMatching(
      /^b: about 3 \d00 more canary requests if it does as well as stable \(evidence 1\.1 of 20\)$/,
    ),
    '2 more ticks in this step',
  ]);
});

test('says so when a version cannot be told to be good enough', () => {
  const own = { total: { canary: 'c' }, bad: { canary: 'c' }, tolerate: { ratio: 0, absolute: '1%' } };
  const [run, fleet] = [new Run(config({ ...own, promote: { budget: '1%' } })), new Fleet()];
  run.tick(fleet.read()).tick(fleet.serve([200, 2], [0, 0]).read());
  expect(run.verdict.missing).toContainEqual(
    expect.stringContaining('errors: this version gives no evidence for promotion'),
  );
});
