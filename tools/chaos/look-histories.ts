import type { Client } from '@temporalio/client';
import type { SeenHistory } from './view';

interface HistoryEvent {
  readonly workflowTaskFailedEventAttributes?: {
    readonly cause?: number | null;
    readonly failure?: { readonly message?: string | null } | null;
  } | null;
}

/**
 * UNHANDLED_COMMAND and UNHANDLED_UPDATE: a message came while the workflow wanted to end or to continue as new, and the server had it
 * think again; RESET_STICKY_TASK_QUEUE: another worker thinks. Nothing is wrong. Numbers of `WorkflowTaskFailedCause`.
 */
const harmless: readonly (number | null | undefined)[] = [1, 13, 31];

/** Looks at every run of these workflows. */
export async function lookAtHistories(
  client: Client,
  ids: readonly string[],
): Promise<readonly SeenHistory[]> {
  const seen: SeenHistory[] = [];
  const query = ids.map((id) => `WorkflowId = '${id}'`).join(' OR ');
  for await (const { workflowId, runId, status } of client.workflow.list({ query })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = (history.events ?? []) as readonly HistoryEvent[];
    seen.push({
      workflowId,
      runId,
      status: status.name,
      events: events.length,
      largestPayload: largest(events),
      taskFailures: events.flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
        failed === undefined || failed === null || harmless.includes(failed.cause)
          ? []
          : [`cause ${failed.cause ?? '?'}: ${failed.failure?.message ?? 'no message'}`],
      ),
    });
  }
  return seen;
}

function largest(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((most, each) => Math.max(most, largest(each)), 0);
}
