import { setTimeout as sleep } from 'node:timers/promises';
import { applicationWorkflow } from '../../src/messages/application';
import type { Stage } from './stage';

const lookEveryMs = 200;
/** Nobody waits for a slow machine in vain: the figures say that it was slow. */
const patienceMs = 60 * 60_000;

/**
 * Waits until all applications say that they are at this revision, and answers the moments at which half, 95 % and all of them were.
 * It asks Temporal's visibility store, which costs the worker nothing.
 */
export async function whenSynced(
  { temporal, checkWorker }: Stage,
  revision: string,
  applications: number,
): Promise<readonly number[]> {
  const query = `WorkflowType='${applicationWorkflow}' AND ExecutionStatus='Running' AND BelayRevision='${revision.slice(0, 12)}'`;
  const marks = [0.5, 0.95, 1].map((share) => Math.ceil(share * applications));
  const moments: number[] = [];
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const { count } = await temporal.workflow.count(query);
    while (moments.length < marks.length && count >= (marks[moments.length] ?? 0))
      moments.push(performance.now());
    if (moments.length === marks.length) return moments;
    if (performance.now() > giveUp)
      throw new Error(
        `only ${count} of ${applications} applications are at ${revision.slice(0, 12)} after an hour`,
      );
    checkWorker();
    await sleep(lookEveryMs);
  }
}

/** All applications answer, are synced to the revision and have nothing under way; else an Error that names those that are not. */
export async function checkSynced({ client }: Stage, revision: string, applications: number): Promise<void> {
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const listed = await client.listApplications();
    const wrong = listed.filter(
      ({ status }) =>
        status?.sync !== 'Synced' || status.state.synced !== revision || status.operation !== undefined,
    );
    if (wrong.length === 0 && listed.length === applications) return;
    if (performance.now() > giveUp) {
      const [first] = wrong;
      throw new Error(
        `${listed.length} of ${applications} applications are known, ${wrong.length} are not synced to ${revision.slice(0, 12)}, such as ${first?.name ?? ''}: ${first?.problem ?? first?.status?.message ?? ''}`,
      );
    }
    await sleep(2_000);
  }
}
