import { KubeConfig } from '@kubernetes/client-node';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { fixed } from '../../src/adapters/cluster/connection';
import { createRest } from '../../src/adapters/cluster/rest';
import { createWatcher } from '../../src/adapters/cluster/watcher';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { openApiLine } from '../../tools/chaos/api-line';
import type { ApiLine } from '../../tools/chaos/lines';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { until } from '../support/until';

const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
const namespace = 'default';
const path = `/api/v1/namespaces/${namespace}/configmaps`;
const manager = { manager: 'test' };

describe('a line to an API server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'belay-lines-'));
  let local: LocalCluster;
  let line: ApiLine;
  let direct: Cluster;
  let through: Cluster;
  let names = 0;
  beforeAll(async () => {
    local = await startCluster({ dir: join(dir, 'cluster'), nodes: 0 });
    line = await openApiLine({ cluster: local, dir });
    direct = await connectCluster({ kubeconfig: local.kubeconfig, context: 'belay-local' });
    through = await connectCluster({ kubeconfig: line.kubeconfig, context: 'belay-local' });
  });
  afterEach(() => line.misbehave());
  afterAll(async () => {
    await line.close();
    await local.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const configMap = (text: string, name = `map-${++names}`): KubeObject => ({
    ...kind,
    metadata: { name, namespace },
    data: { text },
  });
  const read = (cluster: Cluster, { metadata: { name } }: KubeObject): Promise<KubeObject | undefined> =>
    cluster.get({ ...kind, namespace, name });
  const listed = async (
    cluster: Cluster,
    { metadata: { name } }: KubeObject,
  ): Promise<KubeObject | undefined> =>
    (await cluster.list(kind, { namespace })).find((each) => each.metadata.name === name);

  /** Follows the config maps through the line: `list`, and the name in each event. */
  function follow(signal: AbortSignal): readonly string[] {
    const config = new KubeConfig();
    config.loadFromFile(line.kubeconfig);
    const seen: string[] = [];
    void createWatcher(fixed(config))(createRest(fixed(config)), {
      path,
      kind,
      signal,
      onList: () => seen.push('list'),
      onEvent: (_type, object) => seen.push(object.metadata.name),
    });
    return seen;
  }
  const lists = (seen: readonly string[]): number => seen.filter((each) => each === 'list').length;

  test('passes reads, writes and watches on, and tells of all but watches', async () => {
    const asked: string[] = [];
    line.onRequest(({ method, path }) => asked.push(`${method} ${path}`));
    const stop = new AbortController();
    const seen = follow(stop.signal);
    await until('it lists', () => seen.length === 1);
    const made = await through.create(configMap('one'), manager);
    await until('the watch tells of it', () => seen.includes(made.metadata.name));
    expect(await read(through, made)).toEqual(await read(direct, made));
    stop.abort();
    expect(asked).toEqual(
      expect.arrayContaining([`GET ${path}`, `POST ${path}`, `GET ${path}/${made.metadata.name}`]),
    );
    expect(asked.filter((each) => each === `GET ${path}`)).toHaveLength(1);
  });

  test('lets a worker act as another user', async () => {
    const nobody = through.as('system:serviceaccount:default:nobody');
    await expect(nobody.list(kind, { namespace })).rejects.toMatchObject({ code: 'Forbidden' });
  });

  test.each([
    [409, { code: 'Conflict', retry: 'later' }],
    [429, { code: 'Throttled', retry: 'after', afterMs: 1_000 }],
    [500, { code: 'Unreachable', retry: 'later' }],
    [503, { code: 'Unreachable', retry: 'later' }],
  ] as const)('answers %d to writes, and does not do them', async (code, error) => {
    const there = await direct.create(configMap('old'), manager);
    line.misbehave({ kind: 'status', code, writes: true });
    const changed = configMap('new', there.metadata.name);
    await expect(through.apply(changed, manager)).rejects.toMatchObject({
      ...error,
      facts: { httpStatus: code },
    });
    expect(await read(through, there)).toMatchObject({ data: { text: 'old' } });
    line.misbehave({ kind: 'status', code });
    await expect(read(through, there)).rejects.toMatchObject(error);
    line.misbehave();
    await expect(through.apply(changed, manager)).resolves.toMatchObject({ data: { text: 'new' } });
  });

  test('words a conflict as the API server does', async () => {
    const there = await direct.create(configMap('old'), manager);
    await direct.patch({ ...kind, ...there.metadata, namespace }, { data: { text: 'newer' } }, manager);
    const replace = (): Promise<unknown> =>
      through.replace(there, manager).then(
        () => 'replaced',
        ({ message, code, facts }: { message: string; code: string; facts: object }) => ({
          message,
          code,
          facts,
        }),
      );
    const real = await replace();
    line.misbehave({ kind: 'status', code: 409 });
    expect(await replace()).toEqual(real);
  });

  test('breaks off watches, and the next ones too', async () => {
    const stop = new AbortController();
    const seen = follow(stop.signal);
    await until('it lists', () => lists(seen) === 1);
    const first = await direct.create(configMap('one'), manager);
    await until('it watches', () => seen.includes(first.metadata.name));
    line.misbehave({ kind: 'drop-watches', afterMs: 20 });
    await until('it has listed three times', () => lists(seen) >= 3);
    line.misbehave();
    const last = await direct.create(configMap('two'), manager);
    await until('it knows of the last', async () => {
      if (seen.includes(last.metadata.name)) return true;
      await direct.patch(
        { ...kind, ...last.metadata, namespace },
        { data: { at: `${Date.now()}` } },
        manager,
      );
      return false;
    });
    stop.abort();
  });

  test('answers lists and reads as they were, with their versions, and what is new as it is', async () => {
    const known = await direct.create(configMap('old'), manager);
    const unknown = await direct.create(configMap('old'), manager);
    const before = [await read(through, known), await listed(through, known)];
    line.misbehave({ kind: 'stale-lists' });
    expect([await read(through, known), await listed(through, known)]).toEqual(before);
    await through.apply(configMap('new', known.metadata.name), manager);
    await direct.apply(configMap('new', unknown.metadata.name), manager);
    expect([await read(through, known), await listed(through, known)]).toEqual(before);
    expect(await read(through, unknown)).toMatchObject({ data: { text: 'new' } });
    line.misbehave();
    for (const look of [read, listed])
      expect(await look(through, known)).toMatchObject({ data: { text: 'new' } });
  });

  test('answers late', async () => {
    line.misbehave({ kind: 'slow', ms: 300 });
    const began = performance.now();
    await through.create(configMap('one'), manager);
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  test('lets nobody through while it is cut', async () => {
    const there = await direct.create(configMap('old'), manager);
    line.cut();
    await expect(read(through, there)).rejects.toMatchObject({ code: 'Unreachable', retry: 'later' });
    line.mend();
    expect(await read(through, there)).toMatchObject({ data: { text: 'old' } });
  });
});
