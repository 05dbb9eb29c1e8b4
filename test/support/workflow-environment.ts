import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import { setTimeout as wait } from 'node:timers/promises';
import type { ControlActivities, GitActivities, ObserveActivities } from '../../src/activities';
import {
  clusterObserveQueue,
  clusterQueue,
  gitQueue,
  observeQueue,
  workflowQueue,
} from '../../src/messages/queues';
import { searchAttributes } from '../../src/messages/search-attributes';
import { bundling } from '../../src/worker/bundling';
import { ensureTemporalCli, ensureTemporalTestServer } from '../../tools/local/temporal-cli';
import { FakeCluster, type Scripts } from './workflow-fakes';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
});

/** Activities that belong to no cluster; tests of their workflows give their own. */
export interface SharedActivities {
  readonly git?: Partial<GitActivities>;
  readonly observe?: Partial<ObserveActivities>;
  readonly control?: Partial<ControlActivities>;
}

interface Options extends SharedActivities {
  /** A dev server with these settings instead of the time-skipping server. */
  /** Ids of clusters that `observe` watches. */
  readonly observed?: readonly string[];
  readonly devServer?: readonly string[];
  /** Other workflows than the usual ones. */
  readonly workflowsPath?: string;
}

/** A Temporal server, a worker for the real workflows, and a cluster of its own for each test. */
export class WorkflowEnvironment {
  private readonly running: { worker: Worker; run: Promise<void> }[] = [];
  private clusters = 0;

  private constructor(readonly env: TestWorkflowEnvironment) {}

  static async start({
    devServer,
    git = {},
    observe = {},
    observed = [],
    control = {},
    workflowsPath = require.resolve('./workflow-bundle'),
  }: Options = {}): Promise<WorkflowEnvironment> {
    const [env, workflowBundle] = await Promise.all([
      devServer === undefined ? startSkipping() : startDev(devServer),
      bundleWorkflowCode({
        ...bundling(workflowsPath),
        logger: new DefaultLogger('ERROR'),
      }),
    ]);
    const environment = new WorkflowEnvironment(env);
    await environment.work(workflowQueue, {
      workflowBundle,
      activities: { resolveDestination, ...control },
    });
    await environment.work(gitQueue, { activities: { describeCommit, ...git } });
    await environment.work(observeQueue, { activities: observe });
    for (const id of observed) await environment.work(clusterObserveQueue(id), { activities: observe });
    return environment;
  }

  get client() {
    return this.env.client.workflow;
  }

  /** A cluster that answers as told, with a worker on its queue. */
  async cluster(scripts: Scripts = {}, id = this.newClusterId()): Promise<FakeCluster> {
    const cluster = new FakeCluster(id, scripts);
    await this.work(clusterQueue(id), { activities: cluster.activities() });
    return cluster;
  }

  newClusterId(): string {
    this.clusters += 1;
    return `c${this.clusters}`;
  }

  /** Terminates on the time-skipping server, which holds one lock on time too many afterwards: `env.sleep` would wait for ever. */
  async terminate(handle: { terminate(): Promise<unknown> }): Promise<void> {
    await handle.terminate();
    await this.env.connection.testService?.unlockTimeSkipping({});
  }

  async stop(): Promise<void> {
    for (const { worker } of this.running) worker.shutdown();
    await Promise.all(this.running.map(({ run }) => run));
    await this.env.teardown();
  }

  /** Runs a worker until the environment stops. */
  async work(taskQueue: string, options: Partial<WorkerOptions>): Promise<void> {
    const { activities = {} } = options;
    if (options.workflowBundle === undefined && Object.keys(activities).length === 0) return;
    const connection: NativeConnection = this.env.nativeConnection;
    const worker = await Worker.create({
      connection,
      taskQueue,
      // A cancellation travels back with a heartbeat: here without delay.
      maxHeartbeatThrottleInterval: '20ms',
      shutdownForceTime: '1s',
      identity: 'test',
      ...options,
    });
    const run = worker.run().catch(() => undefined);
    this.running.push({ worker, run });
  }
}

/** A test's application names the test's cluster. */
const resolveDestination: ControlActivities['resolveDestination'] = async ({ spec }) => ({
  ...{ kind: 'known', id: spec.destination.name ?? '', server: 'https://test' },
});

/** Who wrote a commit, for notices. */
const describeCommit: GitActivities['describeCommit'] = async ({ revision }) => ({
  ...{ revision, subject: 'Bump the image', authorName: 'updater', authorEmail: 'updater@example.com' },
  ...{ authoredAt: 0, trailers: {} },
});

async function startSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await ensureTemporalTestServer();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    client: { identity: 'test' },
    server: { executable: { type: 'existing-path', path } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      searchAttributes.map(({ name, type }) => [name, type === 'INT' ? 3 : 2]),
    ),
  });
  return env;
}

async function startDev(extraArgs: readonly string[]): Promise<TestWorkflowEnvironment> {
  const path = await ensureTemporalCli();
  return TestWorkflowEnvironment.createLocal({
    client: { identity: 'test' },
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: [...searchAttributes],
      ui: false,
      extraArgs: [...extraArgs],
    },
  });
}

/** Asks until the answer fits; else throws with the last answer. */
export async function eventually<T>(ask: () => Promise<T> | T, fits: (answer: T) => boolean): Promise<T> {
  const giveUp = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > giveUp) throw new Error(`still ${JSON.stringify(answer, null, 1)}`);
    await wait(20);
  }
}
