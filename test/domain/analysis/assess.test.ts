import { between, metric, metricOf, playOne } from './metric-builder';

// What each of them amounts to is in conformance.test.ts.
test('counts every kind of reading', () => {
  const spec = metric({ ...between, failureLimit: 9, inconclusiveLimit: 9 });
  expect(metricOf(playOne(spec, '++-?ee'))).toMatchObject({
    count: 4,
    successful: 2,
    failed: 1,
    inconclusive: 1,
    error: 2,
    consecutiveError: 2,
    consecutiveSuccess: 0,
  });
  expect(metricOf(playOne(spec, 'ee?++'))).toMatchObject({ consecutiveError: 0, consecutiveSuccess: 2 });
});
