import { MockActivityEnvironment } from '@temporalio/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { beating } from '../../src/activities/beating';

describe('the clock of an activity', () => {
  const scheduledAt = Date.parse('2030-01-02T03:04:05Z');

  async function nowAfter(ms: number, jump: () => void = () => undefined): Promise<number> {
    const environment = new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: scheduledAt });
    return environment.run(
      beating(async (_input: undefined, beat) => {
        await sleep(ms);
        jump();
        return beat.now();
      }),
      undefined,
    );
  }

  it("is Temporal's, and not that of the machine", async () => {
    const now = await nowAfter(30);
    expect(now).toBeGreaterThanOrEqual(scheduledAt + 25);
    expect(now).toBeLessThan(scheduledAt + 60_000);
  });

  it('runs on while the clock of the machine jumps', async () => {
    const real = Date.now;
    try {
      const now = await nowAfter(5, () => (Date.now = () => real() + 3_600_000));
      expect(now).toBeLessThan(scheduledAt + 60_000);
    } finally {
      Date.now = real;
    }
  });
});
