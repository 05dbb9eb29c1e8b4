import type { BelayClient } from '../../src/client';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { ChildrenResult } from '../../src/messages/children';
import {
  applicationStatus,
  bad,
  good,
  historyEntry,
  now,
  rolloutStatus,
  settledState,
} from '../client/fixtures/statuses';
import { runCli } from './run-cli';

const file = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name} }
spec:
  project: default
  source: { repoURL: https://git.example/shop.git, path: k8s/${name}, targetRevision: main }
  destination: { server: https://kubernetes.default.svc, namespace: shop }
`;

/** A client whose application goes through these statuses. */
function going(
  statuses: readonly ApplicationStatus[],
): Partial<BelayClient> & { readonly created: ApplicationSpec[] } {
  const created: ApplicationSpec[] = [];
  return {
    created,
    createApplication: async (spec) => {
      created.push(spec);
      return { created: true, message: `application ${spec.name} created` };
    },
    waitFor: async (_name, predicate) => {
      const found = statuses.find(predicate);
      if (found === undefined) throw new Error('never');
      return found;
    },
  };
}

const syncing = applicationStatus({
  operation: { kind: 'sync', message: 'applying', since: now },
  health: 'Progressing',
  message: 'applying 3 objects',
});

test('creates every application of a file', async () => {
  const client = going([]);
  const ran = await runCli('app create -f apps.yaml', client, {
    readText: async () => `${file('web')}---\n${file('api')}`,
  });
  expect(ran).toEqual({ code: 0, out: 'application web created\napplication api created\n', err: '' });
  expect(client.created.map(({ source }) => source.path)).toEqual(['k8s/web', 'k8s/api']);
});

test('creates nothing when a file has problems, and says where they are', async () => {
  const client = going([]);
  const ran = await runCli('app create -f app.yaml', client, {
    readText: async () => file('web').replace('project:', 'projekt:'),
  });
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toMatch(/^error: app\.yaml:5: .*projekt/);
  expect(client.created).toEqual([]);
});

describe('of an app of apps', () => {
  const child = (name: string): ApplicationSpec => ({ ...applicationStatus().spec, name });
  const parents = (problems: ChildrenResult['problems'] = []) => ({
    ...going([]),
    childrenOf: async (parent: ApplicationSpec): Promise<ChildrenResult> => ({
      revision: good,
      children: problems.length > 0 && parent.name === 'bad' ? [] : [child(`${parent.name}-web`)],
      others: ['AppProject shop'],
      problems: parent.name === 'bad' ? problems : [],
    }),
  });

  test('creates the children, not the parent, and names what nobody delivers', async () => {
    const client = parents();
    const ran = await runCli('app create -f apps.yaml --children', client, {
      readText: async () => file('shop'),
    });
    expect(ran).toEqual({
      code: 0,
      out: `shop: 1 application at ${good.slice(0, 12)}; not delivered: AppProject shop\napplication shop-web created\n`,
      err: '',
    });
  });

  test('creates nothing when a child of any parent has problems', async () => {
    const client = parents([
      { code: 'InvalidSpec', message: 'no', file: 'apps/web.yaml', line: 3, remedy: 'mend it' },
    ]);
    const ran = await runCli('app create -f apps.yaml --children', client, {
      readText: async () => `${file('shop')}---\n${file('bad')}`,
    });
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('apps/web.yaml:3') as unknown });
    expect(client.created).toEqual([]);
  });
});

test('waits until an application is healthy, saying what changes', async () => {
  const client = going([syncing, syncing, applicationStatus()]);
  const ran = await runCli('app create -f app.yaml --wait', client, { readText: async () => file('web') });
  expect(ran).toEqual({
    code: 0,
    out: 'application web created\nweb: ◌ Progressing (Syncing): applying 3 objects\nweb: ✔ Healthy: the cluster is equal to 3f2c1aa\n',
    err: '',
  });
});

test('ends a wait with 1 when the application has failed', async () => {
  const held = applicationStatus({ held: true, message: 'held: main is protected' });
  expect(await runCli('status web --wait', going([syncing, held]))).toMatchObject({ code: 1, err: '' });
});

test('ends a wait for a revision with 1 when it was rolled back from', async () => {
  const history = [historyEntry({ id: 2, revision: bad, result: 'failed' }), historyEntry()];
  const back = applicationStatus({ state: settledState({ history }) });
  expect((await runCli(`status web --wait --revision ${bad}`, going([back]))).code).toBe(1);
  expect((await runCli(`status web --wait --revision ${good}`, going([back]))).code).toBe(0);
});

test('explains each rollout in progress', async () => {
  const ids = ['rollout/8f3c21d0/shop/deployment/web', 'rollout/8f3c21d0/shop/deployment/api'];
  const client: Partial<BelayClient> = {
    applicationStatus: async () => applicationStatus({ rollouts: ids }),
    rolloutStatus: async (id) => rolloutStatus({ message: `step of ${id.split('/').at(-1)}` }),
  };
  const { out } = await runCli('why web', client);
  expect(out.split('\n')).toEqual([
    expect.stringContaining('step of web'),
    expect.stringContaining('step of api'),
    '',
  ]);
});
