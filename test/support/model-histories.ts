import type { WorkflowClient } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { World } from './model-world';

const { EventType, WorkflowTaskFailedCause } = temporal.api.enums.v1;

const unhandled = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

const bad = new Map([
  [EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, 'a workflow task failed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, 'the workflow failed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT, 'the workflow timed out'],
]);

/** What no history of a model may hold, with the cause as it was recorded. */
export async function historyFaults(client: WorkflowClient, world: World): Promise<readonly string[]> {
  const all = [...world.runs].flatMap(([workflowId, runs]) =>
    [...runs].map((runId) => ({ workflowId, runId })),
  );
  const faults = await Promise.all(
    all.map(async ({ workflowId, runId }) => {
      const { events } = await client.getHandle(workflowId, runId).fetchHistory();
      return (events ?? []).flatMap((event) => {
        const what = bad.get(event.eventType ?? 0);
        const task = event.workflowTaskFailedEventAttributes;
        // Something has arrived while the workflow wanted to end: it looks at that first.
        if (task?.cause === unhandled) return [];
        const failure = task?.failure ?? event.workflowExecutionFailedEventAttributes?.failure;
        return what === undefined
          ? []
          : [
              `${workflowId}: ${what}: ${task?.cause ?? ''} ${failure?.message ?? ''}: ${failure?.cause?.message ?? ''}`,
            ];
      });
    }),
  );
  return faults.flat();
}
