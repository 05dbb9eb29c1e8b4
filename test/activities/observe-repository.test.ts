import { MockActivityEnvironment } from '@temporalio/testing';
import { createObserveRepository } from '../../src/activities/observe-repository';
import type { Ports } from '../../src/activities/ports';
import { sourcesKey, UsedPaths } from '../../src/activities/used-paths';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { Watched } from '../../src/messages/observer';
import { until } from '../support/until';

const repoUrl = 'https://git.example/shop.git';
const web: Watched = { application: 'web', targetRevision: 'main' };
const api: Watched = { application: 'api', targetRevision: 'main' };

interface Bench {
  /** Who was told what, in order; `same a` after it where nothing that it uses has changed since `a`. */
  readonly told: string[];
  /** What this process has read of the applications. */
  readonly usedPaths: UsedPaths;
  /** Trees by path at each head; `a` and `b` by their first letter. */
  trees: Readonly<Record<string, Readonly<Record<string, string>>>>;
  head: string;
  asked: number;
  /** Runs one turn until `isOver`; the workflow ends it then. */
  turn(
    input: {
      readonly watched: readonly Watched[];
      readonly turn: number;
    },
    isOver: () => boolean,
  ): Promise<void>;
}

interface Told {
  readonly revision: string;
  readonly same?: string;
}

function open(): Bench {
  const bench: Bench = {
    told: [],
    usedPaths: new UsedPaths(),
    trees: {},
    head: 'a'.repeat(40),
    asked: 0,
    async turn(input, isOver) {
      const environment = new MockActivityEnvironment({ attempt: 1 });
      const running = environment.run(observeRepository, { repoUrl, ...input }).catch(() => undefined);
      await until('the turn has done what it is to do', isOver);
      environment.cancel();
      await running;
    },
  };
  const ports = {
    git: {
      resolve: async () => {
        bench.asked += 1;
        return { revision: bench.head, branch: 'refs/heads/main' };
      },
    },
    orchestrator: {
      signalApplication: async (name: string, _signal: string, change: Told) => {
        const same = change.same === undefined ? '' : ` same ${change.same.slice(0, 1)}`;
        bench.told.push(`${name} ${change.revision.slice(0, 1)}${same}`);
      },
    },
    trees: {
      ids: async ({ revision }: { readonly revision: string }, paths: readonly string[]) =>
        paths.map((path) => bench.trees[revision.slice(0, 1)]?.[path]),
    },
    usedPaths: bench.usedPaths,
    pollMs: 20,
  };
  const { observeRepository } = createObserveRepository(ports as unknown as Ports);
  return bench;
}

test('every application is told at the start, and again only when its ref names something else', async () => {
  const bench = open();
  let askedBefore = Infinity;
  await bench.turn({ watched: [web, api], turn: 0 }, () => {
    if (bench.told.length === 2 && bench.asked > 2) bench.head = 'b'.repeat(40);
    if (bench.told.length === 4) askedBefore = Math.min(askedBefore, bench.asked);
    return bench.asked > askedBefore + 2;
  });
  expect(bench.told.toSorted()).toEqual(['api a', 'api b', 'web a', 'web b']);
});

test('a turn that follows tells who has registered since, and nobody else', async () => {
  const bench = open();
  await bench.turn({ watched: [web], turn: 0 }, () => bench.told.length === 1);
  await bench.turn({ watched: [web, { ...api, freshIn: 1 }], turn: 1 }, () => bench.asked > 5);
  expect(bench.told).toEqual(['web a', 'api a']);
});

test('who registers again is told again: it may have been deleted meanwhile', async () => {
  const bench = open();
  await bench.turn({ watched: [web], turn: 0 }, () => bench.told.length === 1);
  await bench.turn({ watched: [{ ...web, freshIn: 1 }], turn: 1 }, () => bench.told.length === 2);
  expect(bench.told).toEqual(['web a', 'web a']);
});

test('who follows another ref now is told what that one names', async () => {
  const bench = open();
  await bench.turn({ watched: [web], turn: 0 }, () => bench.told.length === 1);
  const elsewhere = { ...web, targetRevision: 'release' };
  await bench.turn({ watched: [elsewhere], turn: 1 }, () => bench.told.length === 2);
  expect(bench.told).toEqual(['web a', 'web a']);
});

test('a turn that does not follow on one of this process tells everybody', async () => {
  const bench = open();
  await bench.turn({ watched: [web, api], turn: 0 }, () => bench.told.length === 2);
  await bench.turn({ watched: [web, api], turn: 2 }, () => bench.told.length === 4);
  expect(bench.told.slice(2).toSorted()).toEqual(['api a', 'web a']);
});

describe('a commit in a repository of many applications', () => {
  const specOf = (name: string): ApplicationSpec => ({
    name,
    project: 'default',
    source: { repoUrl, path: name, targetRevision: 'main', recurse: false },
    destination: { namespace: 'shop' },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
  });
  const watched = ['api', 'web'].map((application): Watched => ({
    application,
    targetRevision: 'main',
    sources: sourcesKey(specOf(application)),
  }));
  const a = 'a'.repeat(40);
  const b = 'b'.repeat(40);

  /** Both applications are at `a`, which this process has read. */
  async function openAtA(): Promise<Bench> {
    const bench = open();
    await bench.turn({ watched, turn: 0 }, () => bench.told.length === 2);
    for (const name of ['api', 'web'])
      bench.usedPaths.note({ spec: specOf(name), revision: a }, [{ repoUrl, paths: [name] }]);
    bench.told.length = 0;
    return bench;
  }

  test('is told first to those whom it concerns; the others only note it', async () => {
    const bench = await openAtA();
    bench.trees = { a: { api: '1', web: '1' }, b: { api: '1', web: '2' } };
    bench.head = b;
    await bench.turn({ watched, turn: 1 }, () => bench.told.length === 2);
    expect(bench.told).toEqual(['web b', 'api b same a']);
  });

  test('is compared with what was noted, not with what was read long ago', async () => {
    const bench = await openAtA();
    bench.trees = { a: { api: '1', web: '1' }, b: { api: '1', web: '1' }, c: { api: '2', web: '1' } };
    bench.head = b;
    await bench.turn({ watched, turn: 1 }, () => bench.told.length === 2);
    bench.head = 'c'.repeat(40);
    await bench.turn({ watched, turn: 2 }, () => bench.told.length === 4);
    expect(bench.told).toEqual(['api b same a', 'web b same a', 'api c', 'web c same b']);
  });

  test('is looked at by who has not read the revision that it was told before, as after a refusal', async () => {
    const bench = await openAtA();
    bench.trees = { a: { api: '1', web: '1' }, b: { api: '1', web: '1' } };
    bench.usedPaths.forget('web');
    bench.head = b;
    await bench.turn({ watched, turn: 1 }, () => bench.told.length === 2);
    expect(bench.told).toEqual(['web b', 'api b same a']);
  });
});
