import type { KubeObject, ObjectRef } from '../../../src/domain/kube-object';
import { connectAs, limitedToken } from '../../support/cluster-access';
import { startLab, type Lab } from '../../support/cluster-lab';
import { until } from '../../support/until';

let lab: Lab;
let namespace: string;
beforeAll(async () => {
  lab = await startLab();
  namespace = await lab.namespace();
});
afterAll(() => lab.stop());

const manager = 'test';
const refOf = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
function configMap(
  name: string,
  data: object = {},
  labels: Readonly<Record<string, string>> = {},
): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
}
function deployment(name: string, app = name, more: object = {}): KubeObject {
  const template = {
    metadata: { labels: { app } },
    spec: { containers: [{ name: 'web', image: 'registry.example/web:v1', ...more }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: { app } }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

describe('reading', () => {
  it('names the cluster by its kube-system namespace', async () => {
    const system = await lab.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    expect(lab.kube.id).toBe(system?.metadata.uid?.slice(0, 8));
    expect(lab.kube.server).toBe(lab.local.server);
  });

  it('gives nothing for an object that does not exist', async () => {
    expect(await lab.kube.get(refOf('nobody'))).toBeUndefined();
  });

  it('lists with kind and API version, by namespace and label', async () => {
    await lab.kube.create(configMap('listed', {}, { group: 'a' }), { manager });
    await lab.kube.create(configMap('unlisted', {}, { group: 'b' }), { manager });
    const found = await lab.kube.list(refOf(''), { namespace, labelSelector: 'group=a' });
    expect(found).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed' } }]);
    const names = (await lab.kube.list({ apiVersion: 'v1', kind: 'Namespace' })).map(
      (each) => each.metadata.name,
    );
    expect(names).toContain(namespace);
  });

  it('knows which kinds live in namespaces', async () => {
    expect(await lab.kube.isNamespaced({ apiVersion: 'apps/v1', kind: 'Deployment' })).toBe(true);
    expect(await lab.kube.isNamespaced({ apiVersion: 'v1', kind: 'Namespace' })).toBe(false);
  });
});

describe('writing', () => {
  it('creates once', async () => {
    await lab.kube.create(configMap('once'), { manager });
    await expect(lab.kube.create(configMap('once'), { manager })).rejects.toMatchObject({
      code: 'Conflict',
      retry: 'later',
    });
  });

  it('applies as its field manager, and gives up what it no longer says', async () => {
    await lab.kube.apply(configMap('applied', { a: '1', b: '2' }), { manager });
    await lab.kube.apply(configMap('applied', { c: '3' }), { manager: 'other' });
    const after = await lab.kube.apply(configMap('applied', { a: '1' }), { manager });
    expect(after['data']).toEqual({ a: '1', c: '3' });
    expect(after.metadata.managedFields?.map((each) => each.manager)).toEqual(['other', 'test']);
  });

  it('writes nothing in a dry run, and says what it would be', async () => {
    const dry = await lab.kube.apply(deployment('dry'), { manager, dryRun: true });
    expect(dry).toMatchObject({ spec: { revisionHistoryLimit: 10, strategy: { type: 'RollingUpdate' } } });
    expect(
      await lab.kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'dry' }),
    ).toBeUndefined();
  });

  it('patches and applies only the version that was seen', async () => {
    const seen = await lab.kube.create(configMap('seen', { a: '1' }), { manager });
    const { resourceVersion = '' } = seen.metadata;
    const patched = await lab.kube.patch(
      refOf('seen'),
      { metadata: { resourceVersion }, data: { a: '2' } },
      { manager },
    );
    expect(patched).toMatchObject({ data: { a: '2' } });
    const late = { metadata: { resourceVersion }, data: { a: '3' } };
    await expect(lab.kube.patch(refOf('seen'), late, { manager })).rejects.toMatchObject({
      code: 'Conflict',
    });
    const old = configMap('seen', { a: '4' });
    await expect(
      lab.kube.apply({ ...old, metadata: { ...old.metadata, resourceVersion } }, { manager }),
    ).rejects.toMatchObject({ code: 'Conflict', retry: 'later' });
    expect(await lab.kube.get(refOf('seen'))).toMatchObject({ data: { a: '2' } });
  });

  it('finds nothing to patch', async () => {
    await expect(lab.kube.patch(refOf('nobody'), { data: {} }, { manager })).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('removes only the object that was meant', async () => {
    const { metadata } = await lab.kube.create(configMap('meant'), { manager });
    const other = { propagation: 'Background', uid: '00000000-0000-0000-0000-000000000000' } as const;
    expect(await lab.kube.remove(refOf('meant'), other)).toBe(false);
    expect(await lab.kube.get(refOf('meant'))).toBeDefined();
    expect(await lab.kube.remove(refOf('meant'), { ...other, uid: metadata.uid ?? '' })).toBe(true);
    expect(await lab.kube.remove(refOf('meant'), { propagation: 'Background' })).toBe(false);
  });

  it.each(['Orphan', 'Background'] as const)('removes a Deployment: %s', async (propagation) => {
    const name = `gone-${propagation.toLowerCase()}`;
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
    await lab.kube.create(deployment(name), { manager });
    const kind = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
    const sets = () => lab.kube.list(kind, { namespace, labelSelector: `app=${name}` });
    await until('it has a ReplicaSet', async () => (await sets()).length === 1);
    expect(await lab.kube.remove(ref, { propagation })).toBe(true);
    await until('it is gone', async () => (await lab.kube.get(ref)) === undefined);
    if (propagation === 'Background')
      await until('its ReplicaSet is gone', async () => (await sets()).length === 0);
    else expect((await sets()).map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
  });
});

describe('what the API server refuses', () => {
  const rows: readonly (readonly [string, () => Promise<unknown>, object])[] = [
    [
      'an unknown field',
      () => lab.kube.apply(deployment('typo', 'typo', { imagee: 'x' }), { manager }),
      {
        code: 'Invalid',
        message: expect.stringContaining(
          '.spec.template.spec.containers[name="web"].imagee: field not declared',
        ) as string,
      },
    ],
    [
      'a wrong value',
      () => lab.kube.apply(deployment('Web_1', 'web'), { manager }),
      { code: 'Invalid', facts: { httpStatus: 422, field: 'metadata.name' } },
    ],
    [
      'a field that cannot change',
      async () => {
        await lab.kube.apply(deployment('fixed'), { manager });
        return lab.kube.apply(deployment('fixed', 'other'), { manager, dryRun: true });
      },
      { code: 'ImmutableField', message: expect.stringContaining('put the old value back in Git') as string },
    ],
    [
      'a kind of no known API version',
      () => lab.kube.get({ apiVersion: 'example.com/v1', kind: 'Widget', namespace, name: 'a' }),
      { code: 'KindNotFound', message: expect.stringContaining('example.com/v1') as string },
    ],
    [
      'a kind that its API version does not have',
      () => lab.kube.isNamespaced({ apiVersion: 'apps/v1', kind: 'Widget' }),
      {
        code: 'KindNotFound',
        message: 'the cluster knows no kind Widget of apps/v1; install its CRD first, or correct apiVersion',
      },
    ],
  ];
  it.each(rows)('%s', async (_name, call, error) => {
    await expect(call()).rejects.toMatchObject({ retry: 'never', ...error });
  });

  it('a user without the right', async () => {
    const limited = await connectAs(lab, { token: await limitedToken(lab, 'reader') });
    expect(await limited.get(refOf('nobody'))).toBeUndefined();
    await expect(limited.apply(configMap('refused'), { manager })).rejects.toMatchObject({
      code: 'Forbidden',
      retry: 'never',
      message: expect.stringMatching(
        /^cannot apply ConfigMap .*refused: .*give the worker the permission/,
      ) as string,
    });
    const view = limited.view(namespace);
    await expect(view.ready()).rejects.toMatchObject({ code: 'Forbidden' });
    view.close();
  });

  it('a token that is not valid', async () => {
    await expect(connectAs(lab, { token: 'nonsense' })).rejects.toMatchObject({
      code: 'Unauthenticated',
      retry: 'never',
      message: expect.stringContaining('renew the credentials') as string,
    });
  });

  it('and what nobody answers', async () => {
    await expect(connectAs(lab, { server: 'https://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'Unreachable',
      retry: 'later',
      message: expect.stringMatching(
        /^cannot read .*: the API server https:.*:1 does not answer \(.*ECONNREFUSED/,
      ) as string,
    });
  });
});
