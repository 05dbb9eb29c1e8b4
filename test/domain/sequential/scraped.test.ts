import { sampleOfPods } from '../../../src/domain/sequential';
import { parseExposition } from '../../../src/domain/sequential/exposition';
import { parseSelector } from '../../../src/domain/sequential/selector';
import { config } from './builder';

const page = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a b"} 90 1700000000000
http_requests_total{code="503",path="/\\"x\\""} 4
http_requests_total{code="404",} 6e0
http_requests_total_other{code="500"} 1000
broken{code="200"
broken many
up 1
http_seconds_bucket{le="0.5"} 7
http_seconds_bucket{le="+Inf"} 9 # {trace_id="x"} 0.3
http_seconds_count 9
temperature NaN
`;

test('reads samples of the wanted names, and leaves out what cannot be read', () => {
  const names = new Set(['http_requests_total', 'broken', 'temperature', 'http_seconds_bucket']);
  expect(parseExposition(page, names)).toEqual([
    { name: 'http_requests_total', labels: { code: '200', path: '/a b' }, value: 90 },
    { name: 'http_requests_total', labels: { code: '503', path: '/"x"' }, value: 4 },
    { name: 'http_requests_total', labels: { code: '404' }, value: 6 },
    { name: 'http_seconds_bucket', labels: { le: '0.5' }, value: 7 },
    { name: 'http_seconds_bucket', labels: { le: '+Inf' }, value: 9 },
    { name: 'temperature', labels: {}, value: Number.NaN },
  ]);
});

test.each([
  ['up', {}, true],
  ['up{}', { a: 'b' }, true],
  ['up{a="b"}', { a: 'b' }, true],
  ['up{a="b", c!="d"}', { a: 'b' }, true],
  ['up{c!="d"}', { c: 'd' }, false],
  ['up{code=~"5.."}', { code: '503' }, true],
  ['up{code=~"5.."}', { code: '5031' }, false],
  ['up{code!~"5..|4.."}', { code: '200' }, true],
  ['up{a=""}', {}, true],
])('%s matches %j: %s', (text, labels, expected) => {
  expect(parseSelector(text)?.matches(labels)).toBe(expected);
});

test.each(['sum(up)', 'up{a=b}', 'up{a=~"("}', 'up[5m]', 'rate(up[1m])', '', 'up{a="b" c="d"}'])(
  '%s is no selector',
  (text) => expect(parseSelector(text)).toBeUndefined(),
);

test('sums the series of each pod, by version', () => {
  const own = config({ total: 'http_requests_total', bad: 'http_requests_total{code=~"5.."}' });
  const texts = new Map([
    ['new-1', page],
    ['old-1', 'http_requests_total{code="200"} 5\n'],
    ['old-2', 'nothing of that kind\n'],
  ]);
  const sides = { canary: new Set(['new-1', 'new-2']), baseline: new Set(['old-1', 'old-2']) };
  expect(sampleOfPods(own, texts, sides)).toEqual({
    errors: {
      canary: [{ pod: 'new-1', total: 100, bad: 4 }],
      baseline: [{ pod: 'old-1', total: 5 }],
    },
  });
});
