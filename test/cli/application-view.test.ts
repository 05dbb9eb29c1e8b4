import type { ApplicationStatus } from '../../src/domain/application-status';
import { ClientError } from '../../src/client/client-error';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { analysed, background, outage } from './analyses';
import {
  applicationStatus,
  historyEntry,
  reverting,
  rolloutStatus,
  settledState,
} from '../client/fixtures/statuses';
import { failing, runCli } from './run-cli';
import { troubled } from './troubled';

const away = failing(new ClientError('NoWorker', 'no worker answered'));
const show = async (
  line: string,
  status: ApplicationStatus,
  rolloutStatus: () => Promise<RolloutStatus> = away,
) => `\n${(await runCli(line, { applicationStatus: async () => status, rolloutStatus })).out}`;

test('shows a healthy application', async () => {
  expect(await show('app get web', applicationStatus())).toMatchInlineSnapshot(`
   "
   Name:          web
   Project:       default
   Cluster:       https://kubernetes.default.svc (8f3c21d0)
   Namespace:     shop
   Repository:    https://git.example/shop.git
   Path:          k8s/web
   Target:        main
   Sync policy:   automated, prune, self-heal
   Write-back:    revert
   Sync:          ✔ Synced at 3f2c1aa
   Health:        ✔ Healthy
   State:         Idle
   Message:       the cluster is equal to 3f2c1aa
   Since:         2 h ago
   Good:          3f2c1aa (2 h ago)

   History:
     ID   REVISION   RESULT       WHEN      MESSAGE
     1    3f2c1aa    ✔ promoted   2 h ago   canary promoted
   "
  `);
});

test('shows everything that is wrong with a held application', async () => {
  expect(await show('app get web -o wide', troubled)).toMatchInlineSnapshot(`
   "
   Name:           web
   Project:        default
   Cluster:        https://kubernetes.default.svc (8f3c21d0)
   Namespace:      shop
   Repository:     https://git.example/shop.git
   Path:           k8s/web
   Target:         main
   Sync policy:    automated, prune, self-heal
   Write-back:     revert
   Sync:           ⚠ OutOfSync at 3f2c1aa, Git is at 9ab12cd
   Health:         ✔ Healthy
   State:          ✖ Held
   Since:          3 min ago
   Operation:      rollback of 9ab12cd: reverting Git (3 min ago)
   Held:           main is protected (3 min ago)
   Next:           merge the revert yourself
   Last failure:   9ab12cd pod web-canary-1 cannot pull shop/web:2 (4 min ago)
   Good:           3f2c1aa (2 h ago)

   Problems (2 min ago):
     ✖ k8s/web/a.yaml:3: no such field: replica; write replicas

   Rollouts in progress:
     ⟳ rollout/8f3c21d0/shop/deployment/web

   Differs from Git:
     ~ Service shop/web

   Quarantined:
     9ab12cd   web   4 min ago   pod web-canary-1 cannot pull shop/web:2

   History:
     ID   REVISION   RESULT       WHEN        MESSAGE
     2    9ab12cd    ✖ failed     4 min ago   pod web-canary-1 cannot pull shop/web:2
     1    3f2c1aa    ✔ promoted   2 h ago     canary promoted

   Events:
     3 min ago   held: main is protected
   "
  `);
});

test('shows the history, newest first', async () => {
  expect(await show('app history web', troubled)).toMatchInlineSnapshot(`
   "
   ID   REVISION   RESULT       WHEN        MESSAGE
   2    9ab12cd    ✖ failed     4 min ago   pod web-canary-1 cannot pull shop/web:2
   1    3f2c1aa    ✔ promoted   2 h ago     canary promoted

   \`belay undo web\` goes back to 3f2c1aa, entry 1; --dry-run shows what that changes
   "
  `);
});

test('shows a revert in the history', async () => {
  const history = [
    historyEntry({ id: 3, revision: reverting, result: 'reverted', message: 'back at the good version' }),
  ];
  const out = await show('app history web', applicationStatus({ state: settledState({ history }) }));
  expect(out).toContain('3    77e0b3f    ');
});

test('shows where a rollout in progress stands, and what its running analyses say', async () => {
  const rollouts = ['rollout/8f3c21d0/shop/deployment/web'];
  const status = rolloutStatus({
    analyses: [analysed('step 1', { phase: 'Successful' }), background, { ...outage, name: 'step 3' }],
  });
  const out = await show('app get web', applicationStatus({ rollouts }), async () => status);
  expect(out.slice(out.indexOf('Rollouts'), out.indexOf('History'))).toMatchInlineSnapshot(`
   "Rollouts in progress:
     ⟳ rollout/8f3c21d0/shop/deployment/web   ॥ Paused: waits for promotion
       α background: Analysis Running: 0 of 3 metrics done
       α step 3: Analysis holds: Metric "success-rate" holds: no reading since 2026-03-01T11:58:00Z, its provider is unreachable: connect ECONNREFUSED 10.0.0.9:9090

   "
  `);
});

test('asks no rollout for a program that reads the output', async () => {
  const rollouts = ['rollout/8f3c21d0/shop/deployment/web'];
  const asked = jest.fn(async () => rolloutStatus());
  await show('app get web -o json', applicationStatus({ rollouts }), asked);
  expect(asked).not.toHaveBeenCalled();
});
