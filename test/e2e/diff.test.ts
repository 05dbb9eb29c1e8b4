import { everyHistory } from '../support/every-history';
import { startEnvironment, type Environment } from '../support/environment';
import { runBelay } from '../support/run-belay';
import { openShop, type Shop } from '../support/shop';

let env: Environment;
let shop: Shop;
const sentinel = 's3ntinel-value-of-a-secret';
const secretYaml = `apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {token: ${sentinel}}\n`;

beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
  // Nobody heals, so that what a test changes stays.
  const automated = { prune: true, selfHeal: false, allowEmpty: false };
  const ignoreDifferences = [
    {
      group: 'apps',
      kind: 'Deployment',
      jsonPointers: [],
      jqPathExpressions: ['.spec.replicas'],
      managedFieldsManagers: [],
    },
  ];
  shop = await openShop(env, {
    name: 'compared',
    files: { 'secret.yaml': secretYaml },
    spec: { automated, ignoreDifferences },
  });
});
afterAll(() => env.stop());

function belay(...args: string[]) {
  return runBelay(env.temporal.address, ['app', 'diff', shop.name, ...args]);
}

function edit(kind: string, name: string, patch: object) {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return env.kube.patch({ apiVersion, kind, namespace: shop.name, name }, patch, { manager: 'kubectl-edit' });
}

test('belay app diff shows what somebody has changed in the cluster, and what a branch would bring', async () => {
  expect(await belay('--exit-code')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/does not differ/) as string,
  });

  // Its count is ignored.
  await edit('Deployment', 'web', { spec: { replicas: 5 } });
  await edit('Secret', 'token', { data: { token: Buffer.from('edited').toString('base64') } });
  await edit('Service', 'web', {
    metadata: { labels: { team: 'shop' } },
    spec: { selector: { app: 'wrong' } },
  });
  const changed = await belay('--exit-code');
  expect(changed).toEqual({
    code: 1,
    out: [
      '~ Secret compared/token',
      '  data.token',
      '    - <6 bytes>',
      '    + <26 bytes, changed>',
      '',
      '~ Service compared/web',
      '  spec.selector.app',
      '    - wrong',
      '    + web',
      '',
      `compared: 2 objects differ from ${(await shop.head()).slice(0, 7)}`,
      '',
    ].join('\n'),
  });
  await shop.repo.git('branch', 'proposal', 'main');
  const named = await belay('--revision', 'proposal', '-o', 'name');
  expect(named).toEqual({ code: 0, out: 'Secret compared/token\nService compared/web\n' });
  const json = await belay('--revision', await shop.head(), '-o', 'json');
  expect(JSON.parse(json.out)).toMatchObject({
    revision: await shop.head(),
    problems: [],
    objects: [{}, {}],
  });
  expect(await belay('--revision', 'nowhere')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/nowhere/) as string,
  });

  const written = [changed.out, json.out, await everyHistory(env.temporal.address)].join('\n');
  expect(written).not.toContain(sentinel);
  expect(written).not.toContain(Buffer.from(sentinel).toString('base64'));
});
