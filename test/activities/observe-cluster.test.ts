import { setTimeout as sleep } from 'node:timers/promises';
import { createObserveCluster, type ObserveClusterInput } from '../../src/activities/observe-cluster';
import type { Health } from '../../src/domain/health';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster, Kind, WatchEvent } from '../../src/ports/cluster';
import type { HealthScripts } from '../../src/ports/health';
import type { Orchestrator } from '../../src/ports/orchestrator';
import { PortError } from '../../src/ports/port-error';
import { run } from '../support/cluster-lab';
import { until } from '../support/until';

const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
const configMaps = { apiVersion: 'v1', kind: 'ConfigMap' };
const kinds = [claims, configMaps];

/** An observer whose watches the test plays, and what it has signalled. */
class Scene {
  readonly signals: { name: string; signal: string; payload: unknown }[] = [];
  healthScripts: HealthScripts | undefined;
  refuse = false;
  private watched: readonly Kind[] = [];
  private tell: (event: WatchEvent) => void = () => undefined;
  private stop = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private readonly observe = createObserveCluster({
    cluster: {
      observe: async (
        watched: readonly Kind[],
        _label: string,
        onEvent: typeof this.tell,
        signal: AbortSignal,
      ) => {
        this.watched = watched;
        this.tell = onEvent;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    } as unknown as Cluster,
    orchestrator: {
      signalApplication: async (name: string, signal: string, payload: unknown) => {
        if (this.refuse) throw new Error('not now');
        this.signals.push({ name, signal, payload });
      },
    } as unknown as Orchestrator,
    healthScripts: {
      covers: (kind) => this.healthScripts?.covers(kind) ?? false,
      healthOf: async (object) => this.healthScripts?.healthOf(object),
      close: async () => undefined,
    },
  });

  /** Starts the activity; `settle` ends it as the workflow does. */
  async start(input: Partial<ObserveClusterInput> = {}): Promise<void> {
    this.stop = new AbortController();
    this.watched = [];
    this.done = run(this.observe.observeCluster, { cluster: 'c1', kinds, ...input }, this.stop.signal).catch(
      () => undefined,
    );
    await until('it watches', () => this.watched.length > 0);
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.done;
  }

  events(...events: readonly WatchEvent[]): void {
    for (const event of events) this.tell(event);
  }

  /** Lists objects, with the end of the lists of all kinds. */
  list(...objects: readonly KubeObject[]): void {
    this.events(...objects.map((object) => ({ type: 'LISTED', object }) as const), ...synced(...kinds));
  }

  of(signal: 'clusterChanged' | 'healthChanged') {
    return this.signals.filter((each) => each.signal === signal);
  }

  healths(): readonly unknown[] {
    return this.of('healthChanged').map(({ name, payload }) => {
      const { health, objects } = payload as {
        health: string;
        objects: readonly { object: string; status: string }[];
      };
      return [name, health, ...objects.map(({ object, status }) => `${object} ${status}`)];
    });
  }

  /** Longer than any debounce. */
  async quiet(): Promise<void> {
    const before = this.signals.length;
    await sleep(1_500);
    expect(this.signals.slice(before)).toEqual([]);
  }
}

const synced = (...all: readonly Kind[]): readonly WatchEvent[] =>
  all.map((kind) => ({ type: 'SYNCED', kind }));
const failed = (kind: Kind, code: 'Forbidden' | 'KindNotFound'): WatchEvent => ({
  type: 'FAILED',
  kind,
  error: new PortError(`cannot list: ${code}`, { code, retry: 'never' }),
});

let versions = 0;
/** A claim of `shop`; who wrote it last decides whether it is a hint. */
function claim(
  name: string,
  phase = 'Bound',
  { manager = 'belay', ...labels }: Record<string, string> = {},
): KubeObject {
  return {
    ...claims,
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      resourceVersion: String((versions += 1)),
      labels: { 'belay.dev/application': 'shop', ...labels },
      managedFields: [{ manager, operation: 'Apply', time: '2026-03-01T03:00:00Z' }],
    },
    status: { phase },
  };
}

let scene: Scene;
beforeEach(() => (scene = new Scene()));
afterEach(() => scene.end());

describe('the observer of a cluster tells health', () => {
  it('once, when everything has been listed, and then when it changes', async () => {
    await scene.start();
    scene.events({ type: 'LISTED', object: claim('data', 'Pending') }, ...synced(claims));
    await scene.quiet();
    scene.events(...synced(configMaps));
    await until('it is told', () => scene.healths().length === 1);
    expect(scene.healths()).toEqual([['shop', 'Progressing', 'PersistentVolumeClaim shop/data Progressing']]);
    scene.events({ type: 'MODIFIED', object: claim('data', 'Bound') });
    await until('it is told again', () => scene.healths().length === 2);
    expect(scene.healths()[1]).toEqual(['shop', 'Healthy']);
    expect(scene.of('healthChanged')[1]?.payload).toEqual({
      health: 'Healthy',
      objects: [],
      at: expect.any(Number),
    });
    scene.list(claim('data', 'Bound'));
    await scene.quiet();
  });

  it('in one message for what changes at the same time', async () => {
    await scene.start();
    scene.list(claim('a'), claim('b', 'Lost'), claim('c', 'Pending'));
    scene.events({ type: 'MODIFIED', object: claim('a', 'Lost') });
    await until('it is told', () => scene.healths().length > 0);
    expect(scene.healths()).toEqual([
      [
        'shop',
        'Degraded',
        'PersistentVolumeClaim shop/a Degraded',
        'PersistentVolumeClaim shop/b Degraded',
        'PersistentVolumeClaim shop/c Progressing',
      ],
    ]);
    await scene.quiet();
  });

  it('without what a rollout has made', async () => {
    await scene.start();
    scene.list(claim('data'), claim('copy', 'Lost', { 'belay.dev/canary-of': 'web' }));
    await until('it is told', () => scene.healths().length > 0);
    expect(scene.healths()).toEqual([['shop', 'Healthy']]);
  });

  it('of each application by itself', async () => {
    await scene.start();
    scene.list(claim('a', 'Lost'), claim('b', 'Bound', { 'belay.dev/application': 'other' }));
    await until('both are told', () => scene.healths().length === 2);
    expect(scene.healths()).toEqual(
      expect.arrayContaining([
        ['shop', 'Degraded', 'PersistentVolumeClaim shop/a Degraded'],
        ['other', 'Healthy'],
      ]),
    );
  });

  it('again when an object has gone while nobody watched', async () => {
    await scene.start();
    scene.list(claim('a', 'Lost'), claim('b'));
    await until('it is told', () => scene.healths().length === 1);
    scene.list(claim('b'));
    await until('it is told again', () => scene.healths().length === 2);
    expect(scene.healths()[1]).toEqual(['shop', 'Healthy']);
    expect(scene.of('clusterChanged').map(({ payload }) => payload)).toEqual([
      { objects: ['PersistentVolumeClaim shop/a'] },
    ]);
  });

  it('although a kind is forbidden, and without objects whose kind has gone', async () => {
    await scene.start();
    scene.events(
      { type: 'LISTED', object: claim('a', 'Lost') },
      ...synced(claims),
      failed(configMaps, 'Forbidden'),
    );
    await until('it is told', () => scene.healths().length === 1);
    scene.events(failed(claims, 'KindNotFound'));
    await until('it is told again', () => scene.healths().length === 2);
    expect(scene.healths().map((each) => (each as string[])[1])).toEqual(['Degraded', 'Healthy']);
  });

  it('again and again until the application has taken it', async () => {
    await scene.start();
    scene.refuse = true;
    scene.list(claim('a', 'Lost'));
    await sleep(1_200);
    scene.refuse = false;
    await until('it is told', () => scene.healths().length === 1);
  });

  it('as a script says, in its newest word', async () => {
    const answers: ((health: Health) => void)[] = [];
    scene.healthScripts = {
      covers: ({ kind }) => kind === claims.kind,
      healthOf: () => new Promise((resolve) => answers.push(resolve)),
      close: async () => undefined,
    };
    await scene.start();
    scene.list(claim('a'));
    scene.events({ type: 'MODIFIED', object: claim('a') }, { type: 'MODIFIED', object: claim('a') });
    await scene.quiet(); // half a judgement is none
    expect(answers).toHaveLength(1);
    answers[0]?.({ status: 'Healthy' });
    await until('the newest state is asked about', () => answers.length === 2);
    answers[1]?.({ status: 'Degraded', message: 'says the script' });
    await until('it is told', () => scene.healths().length === 1);
    expect(scene.healths()).toEqual([['shop', 'Degraded', 'PersistentVolumeClaim shop/a Degraded']]);
  });
});

describe('the observer of a cluster hints', () => {
  const by = (manager: string) => ({ manager });

  it('at what somebody else has changed, and at nothing else', async () => {
    await scene.start();
    scene.list(claim('a'), claim('b'), claim('c', 'Bound', by('kubectl')));
    await until('the foreign one is told', () => scene.of('clusterChanged').length === 1);
    scene.events({ type: 'MODIFIED', object: claim('a', 'Lost') }); // its status is no drift
    scene.events({ type: 'MODIFIED', object: claim('b', 'Bound', { ...by('kubectl'), team: 'x' }) });
    await until('the edit is told', () => scene.of('clusterChanged').length === 2);
    scene.events({ type: 'DELETED', object: claim('a') });
    scene.events({ type: 'ADDED', object: claim('d', 'Bound', { 'belay.dev/canary-of': 'web' }) });
    scene.events({ type: 'DELETED', object: claim('d', 'Bound', { 'belay.dev/canary-of': 'web' }) });
    await until('the removal is told', () => scene.of('clusterChanged').length === 3);
    expect(scene.of('clusterChanged').map(({ payload }) => payload)).toEqual([
      { objects: ['PersistentVolumeClaim shop/c'] },
      { objects: ['PersistentVolumeClaim shop/b'] },
      { objects: ['PersistentVolumeClaim shop/a'] },
    ]);
  });
});

describe('the observer of a cluster, started anew', () => {
  const objects = () => [claim('a', 'Lost'), claim('b', 'Bound', { manager: 'kubectl' })];

  it('by the workflow, with more kinds, tells only what differs', async () => {
    await scene.start({ turn: 3 });
    scene.list(...objects());
    await until('all is told', () => scene.signals.length === 2);
    await scene.end();
    await scene.start({ turn: 4 });
    scene.list(...objects());
    await scene.quiet();
    scene.list(claim('a'), ...objects().slice(1));
    await until('what differs is told', () => scene.signals.length === 3);
    expect(scene.healths()[1]).toEqual(['shop', 'Healthy']);
  });

  it.each([
    ['by another workflow run', 0],
    ['when another worker may have been at it', 5],
  ])('%s, tells everything', async (_name, turn) => {
    await scene.start({ turn: 3 });
    scene.list(...objects());
    await until('all is told', () => scene.signals.length === 2);
    await scene.end();
    await scene.start({ turn });
    scene.list(...objects());
    await until('all is told again', () => scene.signals.length === 4);
  });
});
