import { explainMetric, explainRun } from '../../../src/domain/analysis/explain';
import { fillSecrets, hideSecrets } from '../../../src/domain/analysis/fill-secrets';
import { checkAnalysis, resolveAnalysis } from '../../../src/domain/analysis/resolve';
import { startAnalysis, stopAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { Reading } from '../../../src/domain/analysis/spec';
import { valueOf } from '../read-yaml';
import { start, taken } from './metric-builder';
import { refTo, templatesOf } from './templates';

const sentinel = 's3cr3t-"sentinel"';

const templates = templatesOf({
  a: `{ args: [{ name: token, valueFrom: { secretKeyRef: { name: web, key: token } } }, { name: idle, valueFrom: { secretKeyRef: { name: web, key: idle } } }],
        metrics: [{ name: m, interval: 1m, failureLimit: 9, provider: { web: { url: "http://x/?t={{ args.token }}", headers: [{ key: A, value: "{{args.token}}{{args.token}}" }] } } }] }`,
});
const analysis = valueOf(resolveAnalysis(refTo('a'), templates, { rollout: { metadata: {} }, hashes: {} }));
const provider = analysis.metrics[0]?.provider ?? {};

test('lists the secrets that are used, and leaves their tags where they are', () => {
  expect(analysis.secrets).toEqual([{ arg: 'token', name: 'web', key: 'token' }]);
  expect(provider).toEqual({
    web: {
      url: 'http://x/?t={{args.token}}',
      headers: [{ key: 'A', value: '{{args.token}}{{args.token}}' }],
    },
  });
  expect(checkAnalysis(refTo('a'), templates)).toEqual([]);
});

test('fills them in just before use, once and nowhere else', () => {
  const before = JSON.stringify(provider);
  expect(fillSecrets(provider, { token: sentinel })).toEqual({
    web: { url: `http://x/?t=${sentinel}`, headers: [{ key: 'A', value: sentinel + sentinel }] },
  });
  expect(fillSecrets(provider, { token: '{{args.token}}$&' })).toMatchObject({
    web: { url: 'http://x/?t={{args.token}}$&' },
  });
  expect(
    fillSecrets({ web: { url: '{{args.other}} {{ x }} {{args.constructor}}' } }, { token: 'x' }),
  ).toEqual({
    web: { url: '{{args.other}} {{ x }} {{args.constructor}}' },
  });
  expect(JSON.stringify(provider)).toBe(before);
});

const echoes: readonly (readonly [string, Reading])[] = [
  ['its message', { kind: 'error', message: `401 for http://x/?t=${sentinel}`, isUnreachable: false }],
  ['its value', { kind: 'value', value: `you are ${sentinel}` }],
  ['the depths of its value', { kind: 'value', value: { deep: [{ [sentinel]: [sentinel, 1, null] }] } }],
  ['its facts', { kind: 'value', value: 1, metadata: { url: `http://x/?t=${sentinel}` } }],
];

test.each(echoes)('a secret that a provider sends back in %s is in no run and no sentence', (_name, echo) => {
  const hidden = hideSecrets(echo, { token: sentinel });
  const run = takeReading(
    analysis.metrics,
    startAnalysis(analysis.metrics, start),
    taken('m', hidden, start),
  );
  const stopped = stopAnalysis(run, start + 1_000);
  const shown = [run, stopped, explainRun(stopped), ...run.metrics.map(explainMetric)];
  expect(JSON.stringify(shown)).not.toContain('s3cr3t');
  expect(JSON.stringify(run)).toContain('*****');
});

test('hides the longer of two secrets first, and nothing for an empty one', () => {
  const values = { a: 'abc', b: 'abcdef', c: '' };
  expect(hideSecrets({ kind: 'value', value: 'x abcdef abc' }, values)).toEqual({
    kind: 'value',
    value: 'x ***** *****',
  });
  const numbers = { kind: 'value', value: Float64Array.of(1) } as const;
  expect(hideSecrets(numbers, values)).toEqual(numbers);
  const reading: Reading = { kind: 'value', value: 'abc' };
  expect(hideSecrets(reading, { c: '' })).toBe(reading);
});
