import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { workflowQueue } from '../../src/messages/queues';
import { repositoryWorkflow } from '../../src/messages/repository';
import { startTemporal } from '../../tools/local/temporal-server';
import { rollBackAll, type Rollback } from './applications';
import { serveRepository } from './repository';
import { startSecondWriter } from './second-writer';
import { verify, type Findings } from './verify';
import { startGitWorker, type GitWorker } from './worker-process';

export interface RunOptions {
  readonly rollbacks: number;
  readonly applications: number;
  /** How often the worker of the Git queue is killed. */
  readonly kills: number;
  /** The second writer pauses up to so long between two pushes, milliseconds. */
  readonly writerMs: number;
  /** An empty directory; removed afterwards. */
  readonly dir: string;
  /** Compiled file of the worker of the Git queue. */
  readonly workerProgram: string;
  /** When the server suggests to continue as new, in events; absent: as servers do. */
  readonly suggestAt?: number;
}

/** Everything that one run has found. */
export interface Outcome extends Findings {
  readonly rollbacks: readonly Rollback[];
  readonly kills: number;
  readonly othersPushes: number;
  /** Pushes of the second writer that came too late and were made anew: how often the two met. */
  readonly othersLost: number;
  readonly seconds: number;
  /** Events of each run of the writer workflow. */
  readonly histories: readonly number[];
}

/** Real parts throughout: a Temporal server, the writer workflow, a worker of the Git queue, `git http-backend`. */
export async function runRollbacks(options: RunOptions, say: (line: string) => void): Promise<Outcome> {
  const { dir, applications, writerMs, suggestAt } = options;
  const ends: (() => Promise<unknown> | void)[] = [
    () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  ];
  try {
    const repository = await serveRepository(dir, applications);
    ends.push(() => repository.close());
    const temporal = await startTemporal({
      dir: `${dir}/temporal`,
      ...(suggestAt === undefined
        ? {}
        : { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': String(suggestAt) } }),
    });
    ends.push(() => temporal.stop());
    const connection = await Connection.connect({ address: temporal.address });
    ends.push(() => connection.close());
    const client = new Client({ connection });
    const workflows = await startWorkflowWorker(temporal.address);
    ends.push(workflows);
    const worker = await startGitWorker({
      dir,
      temporalAddress: temporal.address,
      token: repository.token,
      program: options.workerProgram,
    });
    ends.push(() => worker.stop());
    const writer = await startSecondWriter(dir, repository, writerMs);
    const killer = new Killer(worker, options);
    const begun = performance.now();
    const rollbacks = await rollBackAll({
      ...options,
      repository,
      client,
      onAnswer: (done) => {
        killer.at(done);
        if (done % 10 === 0) say(`${done} rollbacks, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
      },
    });
    const seconds = (performance.now() - begun) / 1000;
    await killer.settled();
    await writer.stop();
    const histories = await historyLengths(client);
    const findings = await verify(repository, rollbacks, writer);
    return {
      ...findings,
      rollbacks,
      seconds,
      histories,
      kills: killer.kills,
      othersPushes: writer.pushes,
      othersLost: writer.lost,
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** Kills the worker at moments spread evenly over the answers, a little later at random each time: anywhere in an activity. */
class Killer {
  kills = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly worker: GitWorker,
    private readonly options: Pick<RunOptions, 'rollbacks' | 'kills'>,
  ) {}

  at(done: number): void {
    const { rollbacks, kills } = this.options;
    const due = Math.floor((done * (kills + 1)) / rollbacks);
    if (due <= this.kills || this.kills >= kills) return;
    this.kills += 1;
    this.#last = this.#last.then(async () => {
      await sleep(Math.random() * 400);
      await this.worker.killAndReplace();
    });
    this.#last.catch(() => undefined);
  }

  settled(): Promise<void> {
    return this.#last;
  }
}

async function startWorkflowWorker(address: string): Promise<() => Promise<void>> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: require.resolve('./workflows'), logger });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({ connection, taskQueue: workflowQueue, workflowBundle });
  const run = worker.run();
  run.catch(() => undefined);
  return async () => {
    worker.shutdown();
    await run;
    await connection.close();
  };
}

/** The visibility store is told of an end a moment later: asked until it knows of no run that goes on. */
async function historyLengths(client: Client): Promise<number[]> {
  const giveUp = Date.now() + 60_000;
  for (;;) {
    const lengths: number[] = [];
    let isRunning = false;
    for await (const run of client.workflow.list({ query: `WorkflowType = '${repositoryWorkflow}'` })) {
      lengths.push(run.historyLength ?? 0);
      isRunning ||= run.status.name === 'RUNNING';
    }
    if (!isRunning && lengths.length > 0) return lengths;
    if (Date.now() > giveUp) throw new Error('the writer workflow did not end by itself');
    await sleep(200);
  }
}
