import type { Client, WorkflowHandle } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOrchestrator } from '../../src/adapters/temporal/orchestrator';
import { applicationId } from '../../src/messages/application';
import { workflowQueue } from '../../src/messages/queues';
import { commitOnMain } from '../../tools/local/git-commits';
import { goodFiles, pathOf, type SharedRepository } from './repository';
import { answerUpdate, asker, stopSignal } from './workflows';

/** One rollback that was asked for, and what the writer answered. */
export interface Rollback {
  readonly run: string;
  readonly application: number;
  /** The commit that was pushed and must go. */
  readonly bad: string;
  readonly answer: string;
  /** Of the revert; of anything else the head that the writer saw. */
  readonly revision: string;
  /** From the request to the answer, the queue included; milliseconds. */
  readonly ms: number;
}

interface Wanted {
  readonly repository: SharedRepository;
  readonly client: Client;
  readonly rollbacks: number;
  readonly applications: number;
  readonly onAnswer: (done: number) => void;
}

/** All applications at once, each one rollback after the other: push something bad, ask for the restore, wait for the answer. */
export async function rollBackAll(wanted: Wanted): Promise<readonly Rollback[]> {
  const all: Rollback[] = [];
  const indices = Array.from({ length: wanted.applications }, (_, index) => index);
  await Promise.all(
    indices.map(async (application) => {
      const share = wanted.rollbacks / wanted.applications;
      const times = Math.round(share * (application + 1)) - Math.round(share * application);
      const handle = await wanted.client.workflow.start(asker, {
        workflowId: applicationId(`app-${application}`),
        taskQueue: workflowQueue,
      });
      let good = wanted.repository.first;
      for (let round = 1; round <= times; round++) {
        const rollback = await rollBack(wanted, { application, round, good, handle });
        good = rollback.revision;
        wanted.onAnswer(all.push(rollback));
        await sleep(Math.random() * 200);
      }
      await handle.signal(stopSignal);
    }),
  );
  return all;
}

interface Turn {
  readonly application: number;
  readonly round: number;
  readonly good: string;
  readonly handle: WorkflowHandle<typeof asker>;
}

async function rollBack(
  { repository, client }: Wanted,
  { application, round, good, handle }: Turn,
): Promise<Rollback> {
  const path = pathOf(application);
  const run = `app-${application}/${round}`;
  const bad = await commitOnMain(repository.dir, {
    message: `Release ${round} of app-${application}`,
    files: badFiles(application, round),
  });
  const begun = performance.now();
  await createOrchestrator(client).requestRestore({
    requestId: run,
    replyTo: handle.workflowId,
    request: {
      repoUrl: repository.url,
      branch: 'refs/heads/main',
      paths: [path],
      goodRevision: good,
      badRevision: bad,
      subject: `Revert app-${application} to ${good.slice(0, 8)}`,
      body: `Release ${round} failed its analysis.`,
      trailers: { 'Belay-Application': `app-${application}`, 'Belay-Run': run },
    },
  });
  const end = await handle.executeUpdate(answerUpdate, { args: [run] });
  return {
    run,
    application,
    bad,
    answer: end.kind === 'refused' ? `refused: ${end.problem.message}` : end.kind,
    revision: end.kind === 'refused' ? '' : end.revision,
    ms: performance.now() - begun,
  };
}

/** Changes a file and adds another one, so that a revert has both to do. */
function badFiles(application: number, round: number): Readonly<Record<string, string>> {
  const [deployment = ''] = Object.keys(goodFiles(application));
  return {
    [deployment]: `image: registry.example/app-${application}:broken-${round}\n`,
    [`${pathOf(application)}/migrations/${round}.sql`]: `select ${round};\n`,
  };
}
