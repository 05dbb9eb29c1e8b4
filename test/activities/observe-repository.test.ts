import { MockActivityEnvironment } from '@temporalio/testing';
import { createObserveRepository } from '../../src/activities/observe-repository';
import type { Ports } from '../../src/activities/ports';
import type { Watched } from '../../src/messages/observer';
import { until } from '../support/until';

const repoUrl = 'https://git.example/shop.git';
const web: Watched = { application: 'web', targetRevision: 'main' };
const api: Watched = { application: 'api', targetRevision: 'main' };

interface Bench {
  /** Who was told what, in order. */
  readonly told: string[];
  head: string;
  asked: number;
  /** Runs one turn until `isOver`; the workflow ends it then. */
  turn(
    input: {
      readonly watched: readonly Watched[];
      readonly turn: number;
      readonly fresh?: readonly Watched[];
    },
    isOver: () => boolean,
  ): Promise<void>;
}

function open(): Bench {
  const bench: Bench = {
    told: [],
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
      signalApplication: async (name: string, _signal: string, change: { readonly revision: string }) =>
        void bench.told.push(`${name} ${change.revision.slice(0, 1)}`),
    },
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
  await bench.turn({ watched: [web], turn: 0, fresh: [web] }, () => bench.told.length === 1);
  await bench.turn({ watched: [web, api], turn: 1, fresh: [api] }, () => bench.asked > 5);
  expect(bench.told).toEqual(['web a', 'api a']);
});

test('who registers again is told again: it may have been deleted meanwhile', async () => {
  const bench = open();
  await bench.turn({ watched: [web], turn: 0, fresh: [web] }, () => bench.told.length === 1);
  await bench.turn({ watched: [web], turn: 1, fresh: [web] }, () => bench.told.length === 2);
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
