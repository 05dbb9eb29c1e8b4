import type { Client, WorkflowHandle } from '@temporalio/client';

/** One run of a workflow id: how many events, and the longest payload in them, in bytes. */
export interface RunSize {
  readonly events: number;
  readonly payload: number;
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** Sizes of a run and of all that continued it as new, oldest first. */
export async function runSizes(
  client: Client['workflow'],
  workflowId: string,
  first: string,
): Promise<readonly RunSize[]> {
  const sizes: RunSize[] = [];
  let runId = first;
  while (runId !== '') {
    const history: History = await client.getHandle(workflowId, runId).fetchHistory();
    sizes.push({ events: history.events?.length ?? 0, payload: longestPayload(history) });
    const last = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
    runId = last?.newExecutionRunId ?? '';
  }
  return sizes;
}

function longestPayload(history: History): number {
  let longest = 0;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Uint8Array) longest = Math.max(longest, value.length);
    else Object.values(value).forEach(look);
  };
  look(history.events);
  return longest;
}
