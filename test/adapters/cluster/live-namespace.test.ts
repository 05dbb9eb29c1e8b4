import { LiveKind } from '../../../src/adapters/cluster/live-kind';
import { LiveNamespace } from '../../../src/adapters/cluster/live-namespace';
import type { ListThenWatch } from '../../../src/adapters/cluster/list-watch';
import type { KubeObject } from '../../../src/domain/kube-object';
import { PortError } from '../../../src/ports/port-error';

function object(name: string, resourceVersion: number, uid = name): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, uid, resourceVersion: String(resourceVersion) },
  };
}

describe('the newest state of one kind', () => {
  const versions = (kind: LiveKind) =>
    kind.all().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
  type Deed = (kind: LiveKind) => void;
  const put =
    (name: string, version: number): Deed =>
    (kind) =>
      kind.event('MODIFIED', object(name, version));
  const drop =
    (name: string, version: number): Deed =>
    (kind) =>
      kind.event('DELETED', object(name, version));
  const note =
    (name: string, version: number): Deed =>
    (kind) =>
      kind.note(object(name, version));
  const list =
    (...objects: readonly (readonly [string, number])[]): Deed =>
    (kind) =>
      kind.replace(objects.map(([name, version]) => object(name, version)));
  const rows: readonly (readonly [string, readonly Deed[], readonly string[]])[] = [
    ['takes the list', [list(['a', 1], ['b', 2])], ['a@1', 'b@2']],
    ['forgets what a new list does not have', [list(['a', 1], ['b', 2]), list(['b', 3])], ['b@3']],
    ['compares versions as numbers', [put('a', 9), put('a', 10)], ['a@10']],
    ['takes no older event for an own write', [note('a', 5), put('a', 4)], ['a@5']],
    ['takes no older own write for an event', [put('a', 5), note('a', 4)], ['a@5']],
    ['keeps an own write that a list is older than', [note('a', 5), list(['a', 4])], ['a@5']],
    ['forgets what was deleted', [put('a', 5), drop('a', 6)], []],
    ['brings nothing back by a late own write', [put('a', 5), drop('a', 7), note('a', 6)], []],
    ['knows what was made anew under the name', [put('a', 5), drop('a', 6), note('a', 8)], ['a@8']],
    ['keeps what was made anew when the old one’s end comes late', [note('a', 8), drop('a', 6)], ['a@8']],
  ];
  it.each(rows)('%s', (_name, deeds, expected) => {
    const kind = new LiveKind(() => undefined);
    for (const deed of deeds) deed(kind);
    expect(versions(kind)).toEqual(expected);
  });

  it('tells of changes that come from the server', () => {
    let changes = 0;
    const kind = new LiveKind(() => (changes += 1));
    for (const deed of [list(['a', 1]), put('a', 2), note('a', 3), drop('a', 4)]) deed(kind);
    expect(changes).toBe(3);
  });
});

describe('the watches of a namespace', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function open() {
    const watches: ListThenWatch[] = [];
    let closed = 0;
    const live = new LiveNamespace({
      namespace: 'shop',
      rest: () => Promise.reject(new Error('nobody asks')),
      watch: (_rest, options) => {
        watches.push(options);
        return Promise.resolve();
      },
      onClosed: () => (closed += 1),
    });
    return {
      live,
      watches,
      closed: () => closed,
      running: () => watches.filter((each) => !each.signal.aborted),
    };
  }

  it('are one for each kind, however many look', () => {
    const { live, watches } = open();
    live.share();
    live.share();
    expect(watches.map((each) => each.path)).toEqual([
      '/apis/apps/v1/namespaces/shop/deployments',
      '/apis/apps/v1/namespaces/shop/replicasets',
      '/api/v1/namespaces/shop/pods',
      '/api/v1/namespaces/shop/services',
      '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
      '/api/v1/namespaces/shop/events',
    ]);
  });

  it('take in other kinds when somebody asks for them, and only then', async () => {
    const { live, watches } = open();
    live.share();
    const view = live.share(['Pod', 'StatefulSet']);
    live.share(['StatefulSet']);
    expect(watches.slice(6).map((each) => each.path)).toEqual(['/apis/apps/v1/namespaces/shop/statefulsets']);
    watches[2]?.onList([]);
    watches[6]?.onList([object('db', 1)]);
    await view.ready();
    expect(view.objects('StatefulSet')).toHaveLength(1);
  });

  it('end some seconds after the last one has gone, not before', () => {
    const { live, running, closed } = open();
    const first = live.share();
    const second = live.share();
    first.close();
    first.close();
    jest.advanceTimersByTime(120_000);
    expect(running()).toHaveLength(6);
    second.close();
    jest.advanceTimersByTime(20_000);
    const third = live.share();
    jest.advanceTimersByTime(120_000);
    expect(running()).toHaveLength(6);
    third.close();
    jest.advanceTimersByTime(31_000);
    expect(running()).toHaveLength(0);
    expect(closed()).toBe(1);
  });

  it('are ready when every kind has been listed', async () => {
    const { live, watches } = open();
    const view = live.share();
    let isReady = false;
    const ready = view.ready().then(() => (isReady = true));
    for (const [index, { onList }] of watches.entries()) {
      await Promise.resolve();
      expect([index, isReady]).toEqual([index, false]);
      onList([]);
    }
    expect(await ready).toBe(true);
  });

  it('that are refused end at once, and are told once to be closed', async () => {
    const { live, watches, running, closed } = open();
    const view = live.share();
    watches[0]?.onError?.(new PortError('no right', { code: 'Forbidden', retry: 'never' }));
    await expect(view.ready()).rejects.toMatchObject({ code: 'Forbidden' });
    expect(running()).toHaveLength(0);
    view.close();
    jest.advanceTimersByTime(60_000);
    expect(closed()).toBe(1);
  });

  it('go on when the server does not answer', () => {
    const { live, watches, running } = open();
    live.share();
    watches[0]?.onError?.(new PortError('no answer', { code: 'Unreachable', retry: 'later' }));
    expect(running()).toHaveLength(6);
  });

  it('let whoever waits to be ready go when it is cancelled', async () => {
    const { live } = open();
    const stop = new AbortController();
    const ready = live.share().ready(stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(ready).rejects.toThrow('cancelled');
  });

  test.each([
    ['Pod', 'web-7f9c-x2x', true],
    ['ReplicaSet', 'web-canary-7f9c', true],
    ['Event', 'web-7f9c-x2x.17a', true],
    ['Pod', 'api-7f9c-x2x', false],
    ['Deployment', 'api', false],
    ['Service', 'anything', true],
    ['EndpointSlice', 'anything-x2x', true],
  ])('a change of %s %s ends the wait of who looks at web: %s', async (kind, name, ends) => {
    const { live, watches } = open();
    const view = live.share(undefined, 'web');
    let hasEnded = false;
    void view.change(60_000).then(() => (hasEnded = true));
    const watch = watches.find((each) => each.kind.kind === kind);
    watch?.onEvent('MODIFIED', { ...object(name, 7), kind });
    await jest.advanceTimersByTimeAsync(10);
    expect(hasEnded).toBe(ends);
    view.close();
  });

  it('a change of any workload ends the wait of who looks at all of them, and a name that is cut is not missed', async () => {
    const { live, watches } = open();
    const long = 'a'.repeat(60);
    const ended: string[] = [];
    void live
      .share()
      .change(60_000)
      .then(() => ended.push('all'));
    void live
      .share(undefined, long)
      .change(60_000)
      .then(() => ended.push('long'));
    watches
      .find((each) => each.kind.kind === 'Pod')
      ?.onEvent('ADDED', { ...object(`${long.slice(0, 50)}-x2x`, 7), kind: 'Pod' });
    await jest.advanceTimersByTimeAsync(10);
    expect(ended).toEqual(['all', 'long']);
  });
});
