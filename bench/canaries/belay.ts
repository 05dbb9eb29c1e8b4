import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMonorepo } from '../gitops/monorepo';
import { setStage, type Stage } from '../gitops/stage';
import { percentile } from '../gitops/statistics';
import { whenSynced } from '../gitops/synced';
import { Delivery } from './delivery';
import type { Killed, Moved } from './figures';
import { completions, firstStartAfter, sizeOf } from './history';
import { costsOf, type Meters } from './measure';
import type { Options, Shape } from './options';
import { historiesOf, whenRollouts } from './rollouts';
import { beyondPauses } from './step-times';

const healthy = "BelayPhase='Healthy'";
const sampled = 20;
/** What the first version has left to do is not part of the second. */
const calmMs = 5_000;
const poll = '2s';

/** Moves all canaries to a second version at once; with `killed`, some to a third one as well, with the worker killed on the way. */
export async function moveWithBelay(
  options: Options,
  shape: Shape,
  { say, isKilled }: { readonly say: (line: string) => void; readonly isKilled: boolean },
): Promise<{ readonly moved: Moved; readonly killed?: Killed }> {
  const { profile, database } = options;
  const stage = await setStage({ dir: undefined, profile, pollSeconds: 2, database }, say);
  try {
    const delivery = new Delivery(stage, createMonorepo(join(stage.dir, 'git')), options, shape);
    say(`Belay, ${titleOf(shape, options.number)}: the first version`);
    await delivery.create();
    await sleep(calmMs);
    say('the second version, all at once');
    const moved = await move(delivery);
    if (!isKilled) return { moved };
    say(`the third version of ${options.killed}, and the worker is killed`);
    return { moved, killed: await killWorker(delivery, options.killed) };
  } catch (error: unknown) {
    say(`the worker's log ends: ${stage.logTail()}`);
    throw error;
  } finally {
    await stage.strike();
  }
}

function titleOf(shape: Shape, number: number): string {
  return shape === 'one' ? `one application of ${number} Rollouts` : `${number} applications`;
}

async function move(delivery: Delivery): Promise<Moved> {
  const { stage, shape, options } = delivery;
  const { number } = options;
  const { done, ...costs } = await costsOf(metersOf(stage), async () => {
    const { revision, at } = await delivery.push(2, number);
    const { half, all } = await whenRollouts(stage, { revision, count: number, condition: healthy });
    // The applications have it in their own state, too: the cost of that is a part, though no Rollout waits for it.
    await whenSynced(stage, revision, shape === 'one' ? 1 : number);
    return { revision, half: (half - at) / 1_000, all: (all - at) / 1_000 };
  });
  const { worker: controller = 0, ...cpu } = costs.cpu;
  const histories = await historiesOf(stage, done.revision, sampled);
  const sizes = histories.map(sizeOf);
  const middle = (key: 'events' | 'activities' | 'tasks'): number =>
    percentile(
      sizes.map((size) => size[key]),
      0.5,
    );
  return {
    ...costs,
    system: `Belay, ${titleOf(shape, number)}`,
    seconds: done.all,
    half: done.half,
    cpu: { controller, ...cpu },
    peak: stage.usage().worker.peak,
    // Those of 25, 50 and 75 %.
    steps: histories.flatMap((history) => beyondPauses(completions(history, 'reachWeight').slice(0, 3))),
    workflow: { events: middle('events'), activities: middle('activities'), tasks: middle('tasks') },
  };
}

/** SIGKILL when half of them have a weight, and another worker at once. */
async function killWorker(delivery: Delivery, canaries: number): Promise<Killed> {
  const { stage } = delivery;
  const { revision } = await delivery.push(3, canaries);
  await whenRollouts(stage, { revision, count: Math.ceil(canaries / 2), condition: 'BelayWeight >= 25' });
  const killedAt = Date.now();
  await stage.restartWorker(poll, 'SIGKILL');
  const readyAt = Date.now();
  await whenRollouts(stage, { revision, count: canaries, condition: healthy });
  const seconds = (Date.now() - killedAt) / 1_000;
  const histories = await historiesOf(stage, revision, canaries);
  const starts = histories.map((history) => firstStartAfter(history, killedAt));
  const next = starts.flatMap((start) => (start === undefined ? [] : [Math.max(0, start - readyAt)]));
  return { canaries, next, startSeconds: (readyAt - killedAt) / 1_000, seconds };
}

/** Where it can be read what Belay has used. */
export function metersOf(stage: Stage): Meters {
  return {
    usage: () => stage.usage(),
    requests: () => Promise.resolve(stage.requests()),
    metrics: () => stage.metrics(),
  };
}
