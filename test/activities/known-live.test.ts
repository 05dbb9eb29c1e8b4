import { ClusterBook } from '../../src/activities/cluster-book';
import { KnownLive } from '../../src/activities/known-live';
import type { Selected } from '../../src/activities/selection';
import { tryAll } from '../../src/activities/try-all';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { Cluster } from '../../src/ports/cluster';

const spec = { name: 'web', destination: { namespace: 'shop' } } as ApplicationSpec;
const labels = { [marks.application]: 'web' };

function settings(value: string, version = '1'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', labels, uid: 'u', resourceVersion: version },
    data: { value },
  };
}

function selected(value: string, metadata: object = {}): Selected {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', labels, ...metadata },
    data: { value },
  };
  return { object, source: { object } as Selected['source'], dryRunOnly: false, options: {} };
}

/** Watches that have seen this object, and a dry run of `a` on it that has changed nothing. */
function open(): { readonly known: KnownLive; readonly book: ClusterBook } {
  const known = new KnownLive();
  const book = new ClusterBook(undefined, { hint: () => undefined, health: () => undefined });
  known.follow(book);
  book.note(settings('a'));
  known.noteEqual(spec, selected('a'), settings('a'));
  return { known, book };
}

test('what a dry run found equal is equal as long as nobody edits the live object', () => {
  const { known, book } = open();
  expect(known.isEqual(spec, selected('a'))).toBe(true);
  book.note(settings('a', '2'));
  expect(known.isEqual(spec, selected('a'))).toBe(true);
  book.note(settings('edited', '3'));
  expect(known.isEqual(spec, selected('a'))).toBe(false);
});

test.each<[string, (opened: ReturnType<typeof open>) => boolean]>([
  ['another manifest', ({ known }) => known.isEqual(spec, selected('b'))],
  ['other options', ({ known }) => known.isEqual(spec, { ...selected('a'), options: { replace: true } })],
  [
    'other differences that are ignored',
    ({ known }) =>
      known.isEqual({ ...spec, ignoreDifferences: [{ kind: 'ConfigMap' }] as never }, selected('a')),
  ],
  ['another application', ({ known }) => known.isEqual({ ...spec, name: 'api' }, selected('a'))],
  [
    'an object that is gone',
    ({ known, book }) => {
      book.keepOnly({ apiVersion: 'v1', kind: 'ConfigMap' }, new Set());
      return known.isEqual(spec, selected('a'));
    },
  ],
  [
    'watches that run elsewhere now',
    ({ known }) => {
      known.follow(undefined);
      return known.isEqual(spec, selected('a'));
    },
  ],
  [
    'finalizers, of which watches tell nothing',
    ({ known }) => {
      const each = selected('a', { finalizers: ['example.com/keep'] });
      known.noteEqual(spec, each, settings('a'));
      return known.isEqual(spec, each);
    },
  ],
  [
    'a live object that was edited after the dry run looked at it',
    ({ known, book }) => {
      book.note(settings('b', '2'));
      known.noteEqual(spec, selected('a'), settings('a'));
      return known.isEqual(spec, selected('a'));
    },
  ],
])('nothing is known of %s', (_what, isEqual) => {
  expect(isEqual(open())).toBe(false);
});

describe('a dry run of everything', () => {
  async function dryRun(known: KnownLive, value: string, trust: boolean): Promise<readonly string[]> {
    const asked: string[] = [];
    const cluster = {
      get: async () => {
        asked.push('get');
        return settings('a');
      },
      apply: async (object: KubeObject) => {
        asked.push('dry run');
        return { ...settings('a'), data: object['data'] };
      },
    };
    const ports = { cluster: cluster as unknown as Cluster, jq: {} as never, knownLive: known };
    const beat = { signal: new AbortController().signal, note: () => undefined, now: Date.now };
    const { differing } = await tryAll(ports, spec, { placed: [selected(value)], trust }, beat);
    return [...asked, ...differing.map(({ object }) => `differs: ${JSON.stringify(object['data'])}`)];
  }

  test('asks nothing about what is known to be as in Git, but all of it where that is not trusted', async () => {
    const { known } = open();
    expect(await dryRun(known, 'a', true)).toEqual([]);
    expect(await dryRun(known, 'a', false)).toEqual(['get', 'dry run']);
    expect(await dryRun(known, 'b', true)).toEqual(['get', 'dry run', 'differs: {"value":"b"}']);
  });

  test('remembers what it has found equal, and nothing that differs', async () => {
    const { known, book } = open();
    book.note(settings('a'));
    const fresh = new KnownLive();
    fresh.follow(book);
    expect(await dryRun(fresh, 'b', true)).toHaveLength(3);
    expect(await dryRun(fresh, 'b', true)).toHaveLength(3);
    expect(await dryRun(fresh, 'a', true)).toEqual(['get', 'dry run']);
    expect(await dryRun(fresh, 'a', true)).toEqual([]);
    expect(known.isEqual(spec, selected('a'))).toBe(true);
  });
});
