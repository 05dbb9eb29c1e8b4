import { type MetricSample, type PodReading, type SequentialState } from '../../../src/domain/sequential';
import { config, Run } from './builder';
import { seeded } from './random';

const q = { canary: 'c', baseline: 'b' };
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const names = Array.from({ length: 10 }, (_, index) => `latency-${index}`);
const ten = config({ metrics: names.map((name) => ({ name, histogram: q })) });
const random = seeded(5);

/** Counters of one pod after so many requests, log-uniform over the bounds. */
function reading(pod: string, total: number): PodReading {
  const buckets = Object.fromEntries(
    bounds.map((le, index) => [
      String(le),
      Math.floor((total * (index + 1 + random() * 0.01)) / (bounds.length + 1)),
    ]),
  );
  return { pod, buckets: { ...buckets, '+Inf': total } };
}

function sample(ticks: number): MetricSample {
  const pods = (side: string, each: number) =>
    [1, 2].map((index) => reading(`web-${side}-6d5f7c9b8d-x2k4${index}`, ticks * each));
  return { canary: pods('canary', 5000), baseline: pods('stable', 95_000) };
}

function fed(ticks: number): SequentialState {
  const run = new Run(ten);
  for (let i = 1; i <= ticks; i++) run.tick(Object.fromEntries(names.map((name) => [name, sample(i)])));
  return run.state;
}

test('the state of 10 metrics with 12 bounds is below 16 KiB, after hundreds of ticks too', () => {
  const state = fed(300);
  expect(state.metrics['latency-9']?.bounds).toHaveLength(12);
  expect(JSON.stringify(state).length).toBeLessThan(16_384);
});

test('many pods do not make it larger than a history can carry: so many are followed, and the rest is said', () => {
  const many = Array.from({ length: 200 }, (_, index) => index);
  const pods = (side: string, total: number) =>
    many.map((index) => reading(`web-${side}-with-a-rather-long-name-6d5f7c9b8d-x2k4${index}`, total));
  const run = new Run(ten);
  for (let i = 1; i <= 3; i++) {
    const each = { canary: pods('canary', i * 1e9), baseline: pods('stable', i * 1e9) };
    run.tick(Object.fromEntries(names.map((name) => [name, each])));
  }
  expect(JSON.stringify(run.state).length).toBeLessThan(56_000);
  const counted = run.state.pods.filter((pod) => pod?.side === 'canary');
  expect(counted.length).toBeGreaterThanOrEqual(10);
  expect(run.state.metrics['latency-0']?.note).toMatch(/of 200 pods of one version are not followed/);
  expect(run.state.step.split).toEqual([0, 0]);
});
