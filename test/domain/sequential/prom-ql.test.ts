import { promQl, sampleOfSeries, type Series } from '../../../src/domain/sequential';
import { config } from './builder';

const both = config({ total: 'requests{a="b"}', bad: 'requests{code=~"5.."}' });
const sides = { canary: new Set(['new-1']), baseline: new Set(['old-1']) };

const series = (name: string, pod: string, value: number, more = {}): Series => ({
  labels: { belay_series: name, pod, ...more },
  value,
});

test('asks for raw counters by pod and the time of their scrape at once, never for rates', () => {
  const query = promQl(both);
  expect(query).toBe(
    [
      'label_replace(sum by (pod) (requests{a="b"}\n), "belay_series", "0", "", "")',
      'label_replace(max by (pod) (timestamp(requests{a="b"}\n)), "belay_series", "0t", "", "")',
      'label_replace(sum by (pod) (requests{code=~"5.."}\n), "belay_series", "1", "", "")',
    ].join(' or '),
  );
});

test('the pods of the rollout tell whose a series is; others are left out', () => {
  const found = [
    series('0', 'new-1', 10),
    series('0t', 'new-1', 100.5),
    series('0', 'old-1', 90),
    series('0t', 'old-1', 101.25),
    series('1', 'new-1', 3),
    series('0', 'experiment', 50),
    series('0', '', 50),
  ];
  expect(sampleOfSeries(both, found, sides)).toEqual({
    at: 101_250,
    metrics: {
      errors: {
        canary: [{ pod: 'new-1', total: 10, bad: 3 }],
        baseline: [{ pod: 'old-1', total: 90 }],
      },
    },
  });
});

test('a query for each version needs no pods', () => {
  const own = config({ histogram: { canary: 'c', baseline: 'b' } }, 'latency');
  expect(promQl(own)).toContain('sum by (pod, le) (b\n)');
  const found = [
    series('0', 'x', 4, { le: '0.5' }),
    series('0', 'x', 9, { le: '+Inf' }),
    series('1', 'y', 7, { le: '0.5' }),
  ];
  const { at, metrics } = sampleOfSeries(own, found, { canary: new Set(), baseline: new Set() });
  expect(at).toBeUndefined();
  expect(metrics).toEqual({
    latency: {
      canary: [{ pod: 'x', buckets: { '0.5': 4, '+Inf': 9 } }],
      baseline: [{ pod: 'y', buckets: { '0.5': 7 } }],
    },
  });
});

test('another label may name the pod', () => {
  const named = config({ total: 't', bad: 'b', podLabel: 'kubernetes_pod' });
  expect(promQl(named)).toContain('sum by (kubernetes_pod) (t\n)');
  const labels = { belay_series: '0', kubernetes_pod: 'new-1' };
  const { metrics } = sampleOfSeries(named, [{ labels, value: 1 }], sides);
  expect(metrics['errors']?.canary).toEqual([{ pod: 'new-1', total: 1 }]);
});
