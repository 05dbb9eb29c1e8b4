import { judgeReading, type Conditions } from '../../../src/domain/analysis/judge-reading';
import type { Reading } from '../../../src/domain/analysis/spec';

const at = { startedAt: 1_000, finishedAt: 1_200 };
const judge = (conditions: Conditions, value: unknown) =>
  judgeReading(conditions, { kind: 'value', value }, at);

const both: Conditions = { successCondition: 'result >= 0.9', failureCondition: 'result < 0.5' };

test.each<[string, Conditions, unknown, string]>([
  ['neither condition', {}, 0, 'Successful'],
  ['neither condition, and no data', {}, null, 'Successful'],
  ['empty texts as conditions', { successCondition: '', failureCondition: '' }, 0, 'Successful'],
  ['only success, true', { successCondition: 'result > 1' }, 2, 'Successful'],
  ['only success, false', { successCondition: 'result > 1' }, 1, 'Failed'],
  ['only failure, true', { failureCondition: 'result > 1' }, 2, 'Failed'],
  ['only failure, false', { failureCondition: 'result > 1' }, 1, 'Successful'],
  ['both, only success true', both, 0.95, 'Successful'],
  ['both, only failure true', both, 0.1, 'Failed'],
  ['both, neither true', both, 0.7, 'Inconclusive'],
  ['both true', { successCondition: 'result > 1', failureCondition: 'result > 2' }, 3, 'Failed'],
  ['NaN against a success condition', { successCondition: 'result[0] >= 0.95' }, [Number.NaN], 'Failed'],
  ['NaN against a failure condition', { failureCondition: 'result[0] > 0.05' }, [Number.NaN], 'Successful'],
  [
    'an empty list with a condition that expects it',
    { successCondition: 'len(result) == 0' },
    [],
    'Successful',
  ],
  ['an empty list with a condition that does not', { successCondition: 'result[0] > 1' }, [], 'Error'],
  ['a list from Prometheus', { successCondition: 'result[0] >= 0.95' }, Float64Array.of(0.96), 'Successful'],
  [
    'an empty list from Prometheus',
    { successCondition: 'len(result) == 0 || result[0] >= 0.95' },
    new Float64Array(),
    'Successful',
  ],
  ['no data with a default', { successCondition: 'default(result, 1) >= 0.95' }, null, 'Successful'],
  ['NaN that is looked for', { successCondition: 'isNaN(result) || result > 1' }, Number.NaN, 'Successful'],
  ['a text compared with a number', { successCondition: 'result > 1' }, 'many', 'Error'],
  ['a condition that is no boolean', { successCondition: 'result' }, 5, 'Error'],
  ['a second condition that cannot be evaluated', { ...both, failureCondition: 'result' }, 0.95, 'Error'],
])('judges %s', (_name, conditions, value, expected) => {
  expect(judge(conditions, value)).toMatchObject({ phase: expected, ...at });
});

test.each([[null], [[]], [undefined], [new Float64Array()]])(
  'says that there was no data for %j',
  (value) => {
    expect(judge({ successCondition: 'result[0] >= 0.95' }, value).message).toBe(
      'could not evaluate successCondition "result[0] >= 0.95": metric result is nil or empty: no data returned from the metric provider',
    );
  },
);

test('says which condition of two cannot be evaluated, and why', () => {
  const { message } = judge({ successCondition: 'result > 0', failureCondition: 'result' }, 5);
  expect(message).toMatch(/^could not evaluate failureCondition "result": .*bool/);
});

test.each<[unknown, string]>([
  [0.97, '0.97'],
  [Number.NaN, 'NaN'],
  [[0.97, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], '[0.97,NaN,+Inf,-Inf]'],
  [{ ok: true, rate: Number.NaN }, '{"ok":true,"rate":"NaN"}'],
  [Float64Array.of(0.5, Number.NaN), '[0.5,NaN]'],
  [BigInt64Array.of(7n), '[7]'],
  [7n, '7'],
  ['green', 'green'],
  ['two\nlines\u0000', 'two lines'],
  [null, 'null'],
  [[], '[]'],
  [[['a', 1], { b: null }], '[["a",1],{"b":null}]'],
  ['', ''],
  ['\ud800 half a character', '\ufffd half a character'],
])('keeps %j as text', (value, text) => {
  expect(judge({}, value).value).toBe(text);
});

test.each<[string, unknown]>([
  ['a megabyte of text', 'x'.repeat(1_000_000)],
  ['a hundred thousand numbers', Array.from({ length: 100_000 }, (_, index) => index)],
  ['characters of two halves', '😀'.repeat(300)],
])('cuts %s off at 200 characters', (_name, value) => {
  const text = judge({}, value).value ?? '';
  expect(text.length).toBeLessThanOrEqual(200);
  expect(text.length).toBeGreaterThan(190);
  expect(text).toMatch(/…$/);
  expect(text.isWellFormed()).toBe(true);
});

test('keeps what an error says, and whether its provider was unreachable', () => {
  const refused: Reading = { kind: 'error', message: 'connect\nECONNREFUSED', isUnreachable: true };
  expect(judgeReading({}, refused, at)).toEqual({
    phase: 'Error',
    message: 'connect ECONNREFUSED',
    isUnreachable: true,
    ...at,
  });
  const wrong = judgeReading({}, { ...refused, isUnreachable: false, message: 'y'.repeat(9_000) }, at);
  expect(wrong).not.toHaveProperty('isUnreachable');
  expect(wrong.message).toHaveLength(300);
});

test('keeps a few short facts of the provider', () => {
  const metadata = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'.repeat(999)]),
  );
  const kept = judgeReading({}, { kind: 'value', value: 1, metadata }, at).metadata ?? {};
  expect(Object.keys(kept)).toHaveLength(5);
  expect(kept['k0']).toHaveLength(120);
});
