import { nextRetry } from '../../../src/domain/sync/retry';

const retry = { limit: 5, durationMs: 5_000, factor: 2, maxDurationMs: 180_000, refresh: false };

describe('a failed sync', () => {
  test('is tried again as often as the limit says, each time later', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempts) => nextRetry(retry, attempts));
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, undefined, undefined]);
  });

  test('is tried again for ever with a negative limit, never later than the longest wait', () => {
    const forever = { ...retry, limit: -1 };
    expect([6, 7, 8, 2_000].map((attempts) => nextRetry(forever, attempts))).toEqual([
      160_000, 180_000, 180_000, 180_000,
    ]);
  });

  test.each([
    ['without a policy', undefined],
    ['with a limit of 0', { ...retry, limit: 0 }],
  ])('is not tried again %s', (_name, policy) => {
    expect(nextRetry(policy, 1)).toBeUndefined();
  });

  test('waits the same each time with a factor of 1', () => {
    expect([1, 5].map((attempts) => nextRetry({ ...retry, factor: 1 }, attempts))).toEqual([5_000, 5_000]);
  });

  test('waits for no more than a year where no longest wait is said', () => {
    const open = { ...retry, limit: -1, maxDurationMs: 0 };
    expect(nextRetry(open, 8)).toBe(640_000);
    expect(nextRetry(open, 5_000)).toBe(365 * 24 * 3_600_000);
  });
});
