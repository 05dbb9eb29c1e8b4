import { describeStep } from '../../src/domain/describe-step';
import { detailsOf } from '../../src/domain/rollout-details';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { now } from '../support/view-application';

const source = { repoUrl: 'https://git.example/shop', path: 'k8s', revision: 'b'.repeat(40) };
const status: RolloutStatus = {
  spec: {
    application: 'shop',
    cluster: 'c',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'web',
    target: source,
    version: 'v2',
    number: 2,
    rolloutId: 'r2',
    strategy: { kind: 'rolling' },
    progressDeadlineMs: 600_000,
    pace: 'steps',
  },
  phase: 'Paused',
  message: 'waiting for `belay promote shop`',
  since: now,
  startedAt: now,
  steps: [
    { step: { kind: 'setWeight', weight: 20 }, mark: 'done', at: now },
    { step: { kind: 'pause' }, mark: 'now', at: now + 5_000 },
    { step: { kind: 'setWeight', weight: 100 }, mark: 'next' },
  ],
  weight: 20,
  pastReturn: false,
  log: [{ at: now + 1_000, text: 'paused by ada' }],
};

describe('a rollout for Temporal’s UI', () => {
  it.each([
    [{ kind: 'setWeight', weight: 5 }, 'setWeight 5'],
    [{ kind: 'pause', durationMs: 30_000 }, 'pause 30 s'],
    [{ kind: 'pause', durationMs: 5_400_000 }, 'pause 1 h 30 min'],
    [{ kind: 'pause' }, 'pause until promoted'],
  ] as const)('names the step %j', (step, text) => {
    expect(describeStep(step)).toBe(text);
  });

  it('is a sentence, a table of steps, and what happened', () => {
    expect(detailsOf(status)).toBe(`**shop/web**: Paused. waiting for \`belay promote shop\` (since 03:00:00Z)

| # | step | state | since |
| --- | --- | --- | --- |
| 1 | setWeight 20 | ✔ done | 03:00:00Z |
| 2 | pause until promoted | ◌ now | 03:00:05Z |
| 3 | setWeight 100 | · next |  |

- 03:00:01Z paused by ada`);
  });

  it('is only the sentence when there are no steps and nothing happened', () => {
    expect(detailsOf({ ...status, steps: [], log: [] })).not.toContain('\n');
  });
});
