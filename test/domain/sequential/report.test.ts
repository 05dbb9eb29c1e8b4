import { reportOf, resumeSequential, startSequential } from '../../../src/domain/sequential';
import { config, counterFields, Fleet, Run } from './builder';

test('reports the numbers behind a verdict', () => {
  const [run, fleet] = [new Run(config()), new Fleet()];
  const step = { index: 0, weight: 0.05, nextWeight: 0.2 };
  run.tick(fleet.read(), { step });
  for (let i = 0; i < 4; i++) run.tick(fleet.serve([50, 1], [950, 2]).read(), { step });
  const report = reportOf(run.config, run.state);
  expect(report).toMatchObject({
    rollbackAt: 100,
    promoteAt: 20,
    metrics: [{ name: 'errors', verdict: 'running', dispersion: 1 }],
  });
  expect(report.splitEvidence).toBeLessThan(1);
  const [errors] = report.metrics;
  expect(errors?.canary).toMatchObject({ requests: 200, bad: 4, share: 0.02 });
  expect(errors?.baseline).toMatchObject({ requests: 3800, bad: 8 });
  expect(errors?.evidence).toBeCloseTo(report.evidence, 6);
  expect(errors?.requestsMissing).toBeGreaterThan(500);
  const [low, high = 0] = errors?.ratio ?? [0];
  expect(low).toBeLessThan(9.5);
  expect(high).toBeGreaterThan(9.5);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('cuts what is certain at a million, and knows nothing of what was not read', () => {
  const metrics = ['a', 'b'].map((name) => ({ name, ...counterFields }));
  const [run, fleet] = [new Run(config({ metrics })), new Fleet()];
  run.tick({ a: fleet.read() });
  for (let i = 0; i < 9; i++) run.tick({ a: fleet.serve([5000, 0], [5000, 500]).read() });
  const [a, b] = reportOf(run.config, run.state).metrics;
  expect(a).toMatchObject({ verdict: 'safe', safety: 1e6 });
  expect(b).toMatchObject({ verdict: 'unknown', evidence: 1 });
});

test.each([[undefined], [null], ['text'], [{}], [{ version: 2, metrics: {}, step: {} }]])(
  'starts anew from the memory %p',
  (memory) => {
    expect(resumeSequential(config(), memory)).toEqual(startSequential(config()));
  },
);

test('goes on from what it remembered', () => {
  const [run, fleet] = [new Run(config()), new Fleet()];
  run.tick(fleet.read()).tick(fleet.serve([50, 1], [950, 1]).read());
  expect(resumeSequential(run.config, JSON.parse(JSON.stringify(run.state)))).toEqual(run.state);
});
