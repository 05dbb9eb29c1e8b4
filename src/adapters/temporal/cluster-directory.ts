import { type Client, WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { isDeepStrictEqual } from 'node:util';
import * as observer from '../../messages/observer';
import { workflowQueue, workflowTaskTimeout } from '../../messages/queues';
import type { ClusterDirectory, KnownCluster } from '../../ports/cluster-directory';

const heardWithinMs = 30_000;
const keptMs = 2_000;

/**
 * The directory of clusters is the memos of their observers (`observe/<id>`), which run for ever: it needs no store of its own, survives
 * every worker, and is filled again by the next announcement when Temporal's database is lost.
 */
export function createClusterDirectory({ workflow }: Client): ClusterDirectory {
  let kept: { readonly at: number; readonly known: Promise<readonly KnownCluster[]> } | undefined;

  async function describe(workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
    try {
      const described = await workflow.getHandle(workflowId).describe();
      return described.status.name === 'RUNNING' ? described : undefined;
    } catch (error: unknown) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  async function list(): Promise<readonly KnownCluster[]> {
    const ids: string[] = [];
    const query = `WorkflowType = '${observer.clusterObserverWorkflow}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
    const described = await Promise.all(ids.map(describe));
    return described.flatMap((each) => (each === undefined ? [] : knownIn(each)));
  }

  return {
    async announce({ id, server, names }, anew) {
      const workflowId = observer.clusterObserverId(id);
      const before = announcedIn(await describe(workflowId));
      const isThere = names.every((each) => before?.names.includes(each));
      if (!anew && before !== undefined && isThere) return;
      const others = anew ? [] : (before?.names ?? []);
      const announced: observer.Announced = { server, names: [...new Set([...names, ...others])].sort() };
      if (isDeepStrictEqual(before, announced)) return;
      await workflow.signalWithStart(observer.clusterObserverWorkflow, {
        workflowId,
        taskQueue: workflowQueue,
        workflowTaskTimeout,
        args: [{ cluster: id }],
        signal: observer.announceSignal,
        signalArgs: [announced],
      });
    },
    known() {
      if (kept === undefined || performance.now() - kept.at > keptMs) {
        const entry = { at: performance.now(), known: list() };
        entry.known.catch(() => (kept === entry ? (kept = undefined) : undefined));
        kept = entry;
      }
      return kept.known;
    },
  };
}

function announcedIn(described: WorkflowExecutionDescription | undefined): observer.Announced | undefined {
  return described?.memo?.['announced'] as observer.Announced | undefined;
}

function knownIn(described: WorkflowExecutionDescription): readonly KnownCluster[] {
  const announced = announcedIn(described);
  if (announced === undefined) return [];
  const id = described.workflowId.slice(observer.clusterObserverId('').length);
  const heard = (described.raw.pendingActivities ?? []).map(({ lastHeartbeatTime }) =>
    Number(lastHeartbeatTime?.seconds ?? 0),
  );
  const isServed = heard.some((seconds) => Date.now() - seconds * 1000 < heardWithinMs);
  return [{ ...announced, id, isServed }];
}
