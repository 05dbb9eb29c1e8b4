import { setTimeout as sleep } from 'node:timers/promises';
import { launchWorker, type WorkerProcess } from '../local/worker';
import { openApiLine } from './api-line';
import type { ActivityMoment, ApiFault, ApiLine, TemporalLine } from './lines';
import type { Stage } from './stage';
import { openTemporalLine } from './temporal-line';

/** One place for a worker, with lines of its own; whoever dies here is followed by another. */
export interface Post {
  readonly name: string;
  readonly temporal: TemporalLine;
  readonly api: ApiLine;
  /** Undefined while nobody is ready. */
  readonly worker: WorkerProcess | undefined;
  /** Resolves when a worker is ready. */
  ready(): Promise<void>;
  /** SIGKILL, and another one at once; resolves when the killed one has gone. */
  kill(): Promise<void>;
  /** More options and variables for those that are started from now on. */
  equip(more: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv }): void;
  signal(name: NodeJS.Signals): void;
  /** Nobody takes this place any more. */
  dismiss(): Promise<void>;
  /** Somebody does again. */
  enlist(): void;
}

/** The workers of a run: two posts, of which the second may be empty. */
export interface Crew {
  readonly posts: readonly Post[];
  onActivity(strike: (post: Post, moment: ActivityMoment) => Promise<void> | void): void;
  /** Called when a worker has become ready. */
  onReady(listener: (post: Post) => void): void;
  misbehave(fault?: ApiFault): void;
  disband(): Promise<void>;
}

/** Opens two posts; the workers start at once. */
export async function openCrew(stage: Stage): Promise<Crew> {
  let strike: (post: Post, moment: ActivityMoment) => Promise<void> | void = () => undefined;
  let ready: (post: Post) => void = () => undefined;
  const posts = await Promise.all(['a', 'b'].map((name) => openPost(stage, name, (post) => ready(post))));
  for (const post of posts) {
    post.temporal.onActivity((moment) => strike(post, moment));
    post.api.onRequest(() => post.temporal.touched());
  }
  // Whose request it is cannot be seen: every worker uses the same address, as the application names it.
  stage.git.onRequest(() => posts.forEach((post) => post.temporal.touched()));
  return {
    posts,
    onActivity: (told) => void (strike = told),
    onReady: (listener) => void (ready = listener),
    misbehave: (fault) => posts.forEach((post) => post.api.misbehave(fault)),
    disband: async () => {
      await Promise.all(posts.map((post) => post.dismiss()));
      await Promise.all(posts.flatMap(({ temporal, api }) => [temporal.close(), api.close()]));
    },
  };
}

const againMs = 1_000;

async function openPost(stage: Stage, name: string, onReady: (post: Post) => void): Promise<Post> {
  const temporal = await openTemporalLine(stage.temporal.address);
  const api = await openApiLine({ cluster: stage.cluster, dir: stage.dir });
  let number = 0;
  let isWanted = true;
  let equipment: Parameters<Post['equip']>[0] = {};
  let worker: WorkerProcess | undefined;
  let waiting: (() => void)[] = [];

  async function occupy(): Promise<void> {
    while (isWanted) {
      number += 1;
      const own = await launchWorker({
        dir: stage.dir,
        name: `worker-${name}-${number}`,
        kubeconfig: api.kubeconfig,
        temporalAddress: temporal.address,
        ...equipment,
        env: { ...equipment.env, TEMPORAL_NAMESPACE: stage.temporal.namespace },
      }).catch(() => undefined);
      if (own === undefined) {
        // As in a cluster: what cannot start (Temporal is down) is started again.
        await sleep(againMs);
        continue;
      }
      worker = own;
      if (!isWanted) own.kill('SIGKILL');
      else {
        for (const resolve of waiting.splice(0)) resolve();
        onReady(post);
      }
      await own.gone();
      worker = undefined;
    }
  }
  const post: Post = {
    name,
    temporal,
    api,
    get worker() {
      return worker;
    },
    ready: () => (worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    async kill() {
      const own = worker;
      own?.kill('SIGKILL');
      await own?.gone();
    },
    equip: (more) => void (equipment = more),
    signal: (signal) => worker?.kill(signal),
    async dismiss() {
      isWanted = false;
      waiting = [];
      worker?.kill('SIGKILL');
      await occupied;
    },
    enlist() {
      if (isWanted) return;
      isWanted = true;
      occupied = occupied.then(occupy);
    },
  };
  let occupied = occupy();
  return post;
}
