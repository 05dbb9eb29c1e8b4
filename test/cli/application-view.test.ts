import type { ListedApplication } from '../../src/client';
import type { ApplicationStatus } from '../../src/domain/application-status';
import {
  applicationSpec,
  applicationStatus,
  bad,
  historyEntry,
  minutesAgo,
  reverting,
  settledState,
} from '../client/fixtures/statuses';
import { runCli } from './run-cli';

const sentence = 'pod web-canary-1 cannot pull shop/web:2';
const troubled = applicationStatus({
  sync: 'OutOfSync',
  held: true,
  message: 'held: main is protected; merge the revert yourself',
  since: minutesAgo(3),
  operation: { kind: 'rollback', revision: bad, message: 'reverting Git', since: minutesAgo(3) },
  rollouts: ['rollout/8f3c21d0/shop/deployment/web'],
  state: settledState({
    head: bad,
    hold: {
      code: 'RevertRefused',
      reason: 'main is protected',
      remedy: 'merge the revert yourself',
      since: minutesAgo(3),
    },
    lastFailure: { code: 'ImageNotFound', sentence, at: minutesAgo(4), revision: bad, workload: 'web' },
    quarantine: { c41d8e: { revision: bad, workload: 'web', reason: sentence, at: minutesAgo(4) } },
    problems: [
      {
        code: 'UnknownField',
        file: 'k8s/web/a.yaml',
        line: 3,
        message: 'no such field: replica',
        remedy: 'write replicas',
      },
    ],
    problemsSince: minutesAgo(2),
    drift: ['Service shop/web'],
    history: [
      historyEntry({ id: 2, revision: bad, result: 'failed', message: sentence, at: minutesAgo(4) }),
      historyEntry(),
    ],
    events: [{ at: minutesAgo(3), text: 'held: main is protected' }],
  }),
});

const show = async (line: string, status: ApplicationStatus) =>
  `\n${(await runCli(line, { applicationStatus: async () => status })).out}`;

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
   "
  `);
});

test('shows what differs from Git', async () => {
  expect(await show('app diff web', troubled)).toMatchInlineSnapshot(`
   "
   Git is at 9ab12cd, the cluster at 3f2c1aa
   ~ Service shop/web
   "
  `);
  expect(await show('app diff web', applicationStatus())).toBe('\nweb does not differ from Git\n');
  const ran = await runCli('app diff web --exit-code -o name', { applicationStatus: async () => troubled });
  expect(ran).toEqual({ code: 1, out: 'Service shop/web\n', err: '' });
});

const listed: ListedApplication[] = [
  { name: 'api', repo: 'https://git.example/shop.git', namespace: 'shop', problem: 'no worker answered' },
  {
    name: 'cart',
    repo: 'https://git.example/shop.git',
    namespace: 'shop',
    status: applicationStatus({ spec: applicationSpec('cart') }),
  },
  { name: 'web', repo: 'https://git.example/shop.git', namespace: 'shop', status: troubled },
];

test('lists applications as a table', async () => {
  const list = { listApplications: async () => listed };
  expect(`\n${(await runCli('app list', list)).out}`).toMatchInlineSnapshot(`
   "
   NAME   SYNC          HEALTH      STATE   REVISION   SINCE       MESSAGE
   api    ? Unknown     ? Unknown   -       -          -           no worker answered
   cart   ✔ Synced      ✔ Healthy   Idle    3f2c1aa    2 h ago     the cluster is equal to 3f2c1aa
   web    ⚠ OutOfSync   ✔ Healthy   Held    3f2c1aa    3 min ago   main is protected; merge the revert yourself
   "
  `);
  expect(`\n${(await runCli('app list -o wide', list)).out}`).toMatchInlineSnapshot(`
   "
   NAME   SYNC          HEALTH      STATE   REVISION   SINCE       NAMESPACE   REPOSITORY                     PATH       TARGET   MESSAGE
   api    ? Unknown     ? Unknown   -       -          -           shop        https://git.example/shop.git   -          -        no worker answered
   cart   ✔ Synced      ✔ Healthy   Idle    3f2c1aa    2 h ago     shop        https://git.example/shop.git   k8s/cart   main     the cluster is equal to 3f2c1aa
   web    ⚠ OutOfSync   ✔ Healthy   Held    3f2c1aa    3 min ago   shop        https://git.example/shop.git   k8s/web    main     main is protected; merge the revert yourself
   "
  `);
  expect((await runCli('app list -o name', list)).out).toBe('app/api\napp/cart\napp/web\n');
  expect((await runCli('app list', { listApplications: async () => [] })).out).toBe(
    'no applications; `belay app create -f FILE` adds one\n',
  );
});

test('gives data with times in ISO 8601', async () => {
  const client = {
    applicationStatus: async () => applicationStatus({ state: settledState({ reverts: [minutesAgo(3)] }) }),
  };
  const json = JSON.parse((await runCli('app get web -o json', client)).out) as ApplicationStatus;
  expect(json).toMatchObject({
    since: '2026-03-01T10:00:00.000Z',
    state: { reverts: ['2026-03-01T11:57:00.000Z'], good: { at: '2026-03-01T10:00:00.000Z' } },
  });
  expect((await runCli('app get web -o yaml', client)).out).toContain('\nsince: 2026-03-01T10:00:00.000Z\n');
  expect((await runCli('app history web -o name', client)).out).toBe(
    '3f2c1aa000000000000000000000000000000000\n',
  );
});

test('shows a revert in the history', async () => {
  const history = [
    historyEntry({ id: 3, revision: reverting, result: 'reverted', message: 'back at the good version' }),
  ];
  const out = await show('app history web', applicationStatus({ state: settledState({ history }) }));
  expect(out).toContain('3    77e0b3f    ');
});
