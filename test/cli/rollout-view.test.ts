import { rolloutView } from '../../src/cli/views/rollout-view';
import { plainStyle } from '../../src/cli/output/style';
import type { View } from '../../src/cli/output/view';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { ago } from '../../src/domain/explain-time';
import { minutesAgo, now, rolloutSpec, rolloutStatus } from '../client/fixtures/statuses';

const view: View = { style: plainStyle, now, when: (at) => ago(at, now) };
const shown = (changes: Partial<RolloutStatus>, wide = false) =>
  `\n${rolloutView(rolloutStatus(changes), view, wide).join('\n')}\n`;

test('shows a rollout that waits for a person', () => {
  expect(shown({})).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ॥ Paused
   Message:         waits for promotion
   Since:           3 min ago
   Strategy:        Canary
     Step:          3/4
     SetWeight:     50
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago

   STEP                        STATE      SINCE
   ⟳ web                       ॥ Paused
   ├──✔ setWeight 10           done       5 min ago
   ├──✔ pause 1 min            done       4 min ago
   ├──✔ setWeight 50           done       3 min ago
   └──॥ pause until promoted   now        3 min ago
   "
  `);
});

test('shows a failed rollout with its rollback', () => {
  const failure = {
    code: 'ImageNotFound',
    sentence: 'pod web-canary-1 cannot pull shop/web:2',
    at: minutesAgo(4),
  };
  const failed = shown({
    phase: 'Degraded',
    message: 'traffic is back on 3f2c1aa',
    since: minutesAgo(3),
    endedAt: minutesAgo(3),
    weight: 0,
    failure,
    outcome: { kind: 'failed', failure },
    steps: [
      { step: { kind: 'setWeight', weight: 10 }, mark: 'now', at: minutesAgo(5) },
      { step: { kind: 'pause' }, mark: 'next' },
    ],
    log: [
      { at: minutesAgo(4), text: 'all traffic is on stable' },
      { at: minutesAgo(3), text: 'canary objects are gone' },
    ],
  });
  expect(failed).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ✖ Degraded
   Message:         traffic is back on 3f2c1aa
   Since:           3 min ago
   Failure:         ImageNotFound: pod web-canary-1 cannot pull shop/web:2
   Outcome:         failed
   Strategy:        Canary
     Step:          0/2
     SetWeight:     0
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago
   Ended:           3 min ago, took 3 min

   STEP                        STATE        SINCE
   ⟳ web                       ✖ Degraded
   ├──✖ setWeight 10           now          5 min ago
   └──· pause until promoted

   Rollback:
     11:56:00   4 min ago   all traffic is on stable
     11:57:00   3 min ago   canary objects are gone
   "
  `);
});

test('shows a promoted rollout, wide', () => {
  const promoted = shown(
    {
      phase: 'Healthy',
      message: 'promoted',
      endedAt: minutesAgo(1),
      weight: 100,
      pastReturn: true,
      outcome: { kind: 'promoted', way: 'adopted' },
      steps: [
        { step: { kind: 'setWeight', weight: 10 }, mark: 'done', at: minutesAgo(5) },
        { step: { kind: 'pause' }, mark: 'skipped' },
      ],
    },
    true,
  );
  expect(promoted).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ✔ Healthy
   Message:         promoted
   Since:           3 min ago
   Outcome:         promoted (no pod restarted)
   Strategy:        Canary
     Step:          2/2
     SetWeight:     100
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago
   Ended:           1 min ago, took 5 min
   Cluster:         8f3c21d0
   Version:         c41d8e
   Rollout id:      web-7-x4k2
   Number:          7
   Pace:            steps
   Deadline:        10 min

   STEP                        STATE       SINCE
   ⟳ web                       ✔ Healthy
   ├──✔ setWeight 10           done        5 min ago
   └──- pause until promoted   skipped
   "
  `);
});

test('shows a plain workload without steps', () => {
  const rolling = shown({
    spec: rolloutSpec({ strategy: { kind: 'rolling' } }),
    phase: 'Progressing',
    message: 'waits for 2 of 4 pods',
    since: now - 8_000,
    steps: [],
    pausedBy: { by: 'ada@laptop', reason: 'lunch', since: minutesAgo(1) },
  });
  expect(rolling).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ◌ Progressing
   Message:         waits for 2 of 4 pods
   Since:           8 s ago
   Paused by:       ada@laptop, 1 min ago: lunch
   Strategy:        Rolling
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago
   "
  `);
});
