import { untilHealthy } from '../../src/activities/await-health';
import { beating } from '../../src/activities/beating';
import type { Health } from '../../src/domain/health';
import type { KubeObject, ObjectRef } from '../../src/domain/kube-object';
import type { Cluster, Kind, WatchEvent } from '../../src/ports/cluster';
import type { HealthScripts } from '../../src/ports/health';
import { PortError } from '../../src/ports/port-error';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
const configMaps = { apiVersion: 'v1', kind: 'ConfigMap' };
const widgets = { apiVersion: 'example.com/v1', kind: 'Widget' };
const applied = (kind: Kind, name: string): ObjectRef => ({ ...kind, namespace: 'shop', name });
const claim = (name: string, phase: string, generation?: number): KubeObject => ({
  ...claims,
  metadata: { name, namespace: 'shop', ...(generation === undefined ? {} : { generation }) },
  status: { phase },
});
const failed = (kind: Kind, code: 'Forbidden' | 'KindNotFound' | 'Unreachable'): WatchEvent => ({
  type: 'FAILED',
  kind,
  error: new PortError(`cannot list: ${code}`, { code, retry: 'never' }),
});

/** A wait whose watches the test plays. */
function wait(objects: readonly ObjectRef[], { scripts }: { readonly scripts?: HealthScripts } = {}) {
  const notes: string[] = [];
  const watched: { kinds: readonly Kind[]; selector: string; signal: AbortSignal }[] = [];
  let tell: (event: WatchEvent) => void = () => undefined;
  const observe: Cluster['observe'] = async (kinds, selector, onEvent, signal) => {
    watched.push({ kinds, selector, signal });
    tell = onEvent;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const cancel = new AbortController();
  const answer = untilHealthy(
    {
      cluster: { observe } as unknown as Cluster,
      ...(scripts === undefined ? {} : { healthScripts: scripts }),
    },
    { application: 'shop', objects },
    { signal: cancel.signal, note: (text) => notes.push(text), now: Date.now },
  );
  return {
    answer,
    notes,
    watched,
    cancel: () => cancel.abort(new Error('cancelled')),
    list: (kind: Kind, ...found: readonly KubeObject[]) => {
      for (const object of found) tell({ type: 'LISTED', object });
      tell({ type: 'SYNCED', kind });
    },
    change: (object: KubeObject) => tell({ type: 'MODIFIED', object }),
    tell: (event: WatchEvent) => tell(event),
  };
}

describe('waiting for health', () => {
  test('ends when every object has been healthy, and watches no longer', async () => {
    const { answer, watched, list, change } = wait([applied(claims, 'a'), applied(claims, 'b')]);
    expect(watched).toMatchObject([{ kinds: [claims], selector: 'belay.dev/application=shop' }]);
    list(claims, claim('a', 'Bound'), claim('b', 'Pending'), claim('other', 'Lost'));
    change(claim('b', 'Bound'));
    expect(await answer).toEqual({ kind: 'healthy' });
    expect(watched[0]?.signal.aborted).toBe(true);
  });

  test('watches nothing for kinds without health', async () => {
    const { answer, watched } = wait([applied(configMaps, 'config')]);
    expect(await answer).toEqual({ kind: 'healthy' });
    expect(watched).toEqual([]);
  });

  test('says what it waits for, and since when', async () => {
    const { answer, notes, list, cancel } = wait([applied(claims, 'a'), applied(claims, 'b')]);
    list(claims, claim('a', 'Pending'), claim('b', 'Pending'));
    const last = await until('it has looked', () => notes.find((each) => each.includes('Pending')));
    expect(last).toMatch(
      /^waiting for PersistentVolumeClaim shop\/a: Progressing \(its phase is Pending\), since \d\d:\d\d:\d\d UTC, and for 1 more$/,
    );
    cancel();
    await expect(answer).rejects.toThrow('cancelled');
  });

  test('answers at once when an object is degraded', async () => {
    const { answer, list } = wait([applied(claims, 'a'), applied(claims, 'b')]);
    list(claims, claim('a', 'Pending'), claim('b', 'Lost'));
    expect(await answer).toEqual({
      kind: 'degraded',
      object: 'PersistentVolumeClaim shop/b',
      message: 'its phase is Lost',
    });
  });

  test('does not look again at what has been healthy', async () => {
    const { answer, list, change, tell } = wait([applied(claims, 'a'), applied(claims, 'b')]);
    list(claims, claim('a', 'Bound'), claim('b', 'Pending'));
    change(claim('a', 'Lost'));
    tell({ type: 'DELETED', object: claim('a', 'Lost') });
    change(claim('b', 'Bound'));
    expect(await answer).toEqual({ kind: 'healthy' });
  });

  test('holds for a suspended object until it goes on', async () => {
    const deployments = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const { answer, notes, list, change } = wait([applied(deployments, 'web')]);
    const web = (paused: boolean): KubeObject => ({
      ...deployments,
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 0, paused },
    });
    list(deployments, web(true));
    expect(notes.at(-1)).toMatch(
      /^waiting for Deployment shop\/web: Suspended \(the Deployment is paused\), since /,
    );
    change(web(false));
    expect(await answer).toEqual({ kind: 'healthy' });
  });

  test('believes no status older than what was applied', async () => {
    const service = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
    const budget = (observedGeneration: number): KubeObject => ({
      ...service,
      metadata: { name: 'web', namespace: 'shop', generation: 2 },
      status: { observedGeneration, conditions: [{ type: 'DisruptionAllowed', status: 'True' }] },
    });
    const { answer, notes, list, change } = wait([applied(service, 'web')]);
    list(service, budget(1));
    await until('it has looked', () => notes.some((each) => each.includes('has not seen the newest spec')));
    change(budget(2));
    expect(await answer).toEqual({ kind: 'healthy' });
  });

  test.each<readonly [string, (scene: ReturnType<typeof wait>) => void, object]>([
    ['was not there', ({ list }) => list(claims), { kind: 'gone', message: 'it is not there' }],
    [
      'was deleted',
      ({ tell }) => tell({ type: 'DELETED', object: claim('a', 'Bound') }),
      { kind: 'gone', message: 'it was deleted' },
    ],
    [
      'was deleted while nobody watched',
      ({ list }) => {
        list(claims, claim('a', 'Pending', 3));
        list(claims);
      },
      { kind: 'gone', message: 'it is not there' },
    ],
    [
      'is another one of its name',
      ({ list }) => {
        list(claims, claim('a', 'Pending', 3));
        list(claims, claim('a', 'Bound', 1));
      },
      { kind: 'gone', message: 'it was deleted, and made anew by somebody else' },
    ],
    [
      'is of a kind that has gone',
      ({ tell }) => tell(failed(claims, 'KindNotFound')),
      { kind: 'gone', message: 'cannot list: KindNotFound' },
    ],
    [
      'may not be listed',
      ({ tell }) => tell(failed(claims, 'Forbidden')),
      { kind: 'degraded', message: 'cannot list: Forbidden' },
    ],
  ])('answers clearly when the object %s', async (_name, play, expected) => {
    const scene = wait([applied(claims, 'a')]);
    play(scene);
    expect(await scene.answer).toEqual({ object: 'PersistentVolumeClaim shop/a', ...expected });
  });

  test('goes on when the server does not answer, and says so', async () => {
    const { answer, notes, list, tell } = wait([applied(claims, 'a')]);
    tell(failed(claims, 'Unreachable'));
    expect(notes.at(-1)).toBe('waiting for PersistentVolumeClaim shop/a: cannot list: Unreachable');
    list(claims, claim('a', 'Bound'));
    expect(await answer).toEqual({ kind: 'healthy' });
  });

  test('asks scripts, and goes by the newest state', async () => {
    const answers: ((health: Health) => void)[] = [];
    const scripts: HealthScripts = {
      covers: ({ kind }) => kind === 'ConfigMap',
      healthOf: ({ kind }) =>
        kind === 'ConfigMap' ? new Promise((resolve) => answers.push(resolve)) : Promise.resolve(undefined),
      close: () => Promise.resolve(),
    };
    const config: KubeObject = { ...configMaps, metadata: { name: 'config', namespace: 'shop' } };
    const { answer, list, change } = wait([applied(configMaps, 'config')], { scripts });
    list(configMaps, config);
    change(config);
    answers[0]?.({ status: 'Degraded', message: 'not any more' });
    await until('the newest state is asked about', () => answers.length === 2);
    answers[1]?.({ status: 'Healthy' });
    expect(await answer).toEqual({ kind: 'healthy' });
  });

  test('watches each kind once, and custom kinds too', async () => {
    const { watched, list, answer } = wait([
      applied(claims, 'a'),
      applied(widgets, 'w'),
      applied(widgets, 'v'),
    ]);
    expect(watched[0]?.kinds).toEqual([claims, widgets]);
    list(claims, claim('a', 'Bound'));
    const widget = (name: string): KubeObject => ({ ...widgets, metadata: { name, namespace: 'shop' } });
    list(widgets, widget('w'), widget('v'));
    expect(await answer).toEqual({ kind: 'healthy' });
  });
});

describe('on a cluster', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  test('waits for pods that start, and says which object is in the way', async () => {
    const namespace = await lab.namespace();
    const labels = { 'belay.dev/application': 'shop' };
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    };
    await lab.kube.create(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace, labels },
        spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
      },
      { manager: 'belay' },
    );
    const missing = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'migrate' };
    const awaitHealth = beating((input: { readonly objects: readonly ObjectRef[] }, beat) =>
      untilHealthy({ cluster: lab.kube }, { application: 'shop', ...input }, beat),
    );
    const objects = [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' }];
    expect(await run(awaitHealth, { objects })).toEqual({ kind: 'healthy' });
    expect(await run(awaitHealth, { objects: [...objects, missing] })).toEqual({
      kind: 'gone',
      object: `Job ${namespace}/migrate`,
      message: 'it is not there',
    });
  });
});
