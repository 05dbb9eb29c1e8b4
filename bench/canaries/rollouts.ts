import { setTimeout as sleep } from 'node:timers/promises';
import { rolloutWorkflow } from '../../src/messages/rollout';
import type { Stage } from '../gitops/stage';
import type { RolloutHistory } from './history';

const lookEveryMs = 200;
const patienceMs = 30 * 60_000;

/** Resolves with the moments (`performance.now()`) at which half and all of these rollouts of a revision were as the condition says. */
export async function whenRollouts(
  { temporal, checkWorker }: Stage,
  {
    revision,
    count,
    condition,
  }: { readonly revision: string; readonly count: number; readonly condition: string },
): Promise<{ readonly half: number; readonly all: number }> {
  const query = `${rolloutsOf(revision)} AND ${condition}`;
  const giveUp = performance.now() + patienceMs;
  let half: number | undefined;
  for (;;) {
    const { count: found } = await temporal.workflow.count(query);
    const now = performance.now();
    if (found * 2 >= count) half ??= now;
    if (found >= count) return { half: half ?? now, all: now };
    if (now > giveUp)
      throw new Error(`only ${found} of ${count} rollouts came to ${condition} in half an hour`);
    checkWorker();
    await sleep(lookEveryMs);
  }
}

/** The histories of some rollouts of a revision. */
export async function historiesOf(
  { temporal }: Stage,
  revision: string,
  most: number,
): Promise<readonly RolloutHistory[]> {
  const histories: RolloutHistory[] = [];
  for await (const { workflowId, runId } of temporal.workflow.list({ query: rolloutsOf(revision) })) {
    histories.push((await temporal.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? []);
    if (histories.length === most) break;
  }
  return histories;
}

function rolloutsOf(revision: string): string {
  return `WorkflowType='${rolloutWorkflow}' AND BelayRevision='${revision.slice(0, 12)}'`;
}
