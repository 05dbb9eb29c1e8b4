import { judgeReading, type Conditions } from '../../../src/domain/analysis/judge-reading';
import type { Reading } from '../../../src/domain/analysis/spec';

const at = { startedAt: 1_000, finishedAt: 1_200 };
const judge = (conditions: Conditions, value: unknown) =>
  judgeReading(conditions, { kind: 'value', value }, at);

// Argo's table of two conditions is in conformance.test.ts.
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
