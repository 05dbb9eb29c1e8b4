import type { ListedApplication } from '../../src/client';
import type { ApplicationStatus } from '../../src/domain/application-status';
import { applicationSpec, applicationStatus, minutesAgo, settledState } from '../client/fixtures/statuses';
import { runCli } from './run-cli';
import { troubled } from './troubled';

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
