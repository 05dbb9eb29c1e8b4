import { seriesIn } from '../../../src/adapters/metrics/prometheus-answer';

const answer = (data: unknown): string => JSON.stringify({ status: 'success', data });
const vector = (...result: readonly unknown[]): string => answer({ resultType: 'vector', result });

test('the series of a vector with their labels; NaN and infinities as they are', () => {
  const text = vector(
    { metric: { pod: 'a', le: '+Inf' }, value: [1, '12'] },
    { metric: { pod: 'b' }, value: [1, 'NaN'] },
    { metric: {}, value: [1, '+Inf'] },
  );
  expect(seriesIn(text)).toEqual([
    { labels: { pod: 'a', le: '+Inf' }, value: 12 },
    { labels: { pod: 'b' }, value: Number.NaN },
    { labels: {}, value: Number.POSITIVE_INFINITY },
  ]);
  expect(seriesIn(vector())).toEqual([]);
});

test.each([
  ['a scalar', answer({ resultType: 'scalar', result: [1, '2'] }), 'the answer is no vector'],
  ['a range', answer({ resultType: 'matrix', result: [] }), 'the answer is no vector'],
  ['a native histogram', vector({ metric: {}, histogram: [1, {}] }), 'native histogram; ask for the buckets'],
  ['a series that is none', vector('x'), 'its vector holds no series'],
  ['a value that is no number', vector({ metric: {}, value: [1, 'x'] }), 'a sample is no number'],
  [
    'a refusal',
    JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' }),
    'bad_data: parse error',
  ],
  ['no JSON', '<html>', 'JSON'],
])('%s is refused', (_name, text, words) => expect(() => seriesIn(text)).toThrow(words));
