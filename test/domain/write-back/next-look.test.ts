import { nextLookAt } from '../../../src/domain/write-back/next-look';

const since = 1_000_000;
const minute = 60_000;

test.each([
  ['just opened', 0, 15_000],
  ['open for two minutes', 2 * minute, 15_000],
  ['open for ten minutes', 10 * minute, minute],
  ['open for half an hour', 30 * minute, 3 * minute],
  ['open for an hour', 60 * minute, 5 * minute],
  ['open for a week', 7 * 24 * 60 * minute, 5 * minute],
  ['opened, by another clock, in a minute', -minute, 15_000],
])('a pull request that was %s is looked at again after its tenth, within bounds', (_name, open, pause) => {
  expect(nextLookAt(since, since + open)).toBe(since + open + pause);
});
