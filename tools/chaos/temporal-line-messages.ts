import { temporal } from '@temporalio/proto';
import { gunzipSync } from 'node:zlib';

/** An activity task as it is handed to a worker. */
export interface HandedTask {
  /** What the worker names it by when it answers: its token, or by its ids (`idsKey`). */
  readonly keys: readonly string[];
  readonly activity: string;
  readonly workflowId: string;
  readonly attempt: number;
}

const service = '/temporal.api.workflowservice.v1.WorkflowService/';
const { v1 } = temporal.api.workflowservice;

/** Reads the activity tasks in the answer to a call. */
type ReadTasks = (message: Uint8Array) => readonly HandedTask[];
/** Reads which task a call answers: one of its keys. */
type ReadAnswered = (message: Uint8Array) => string;

const handing: Readonly<Record<string, ReadTasks>> = {
  PollActivityTaskQueue: (message) => tasksOf([v1.PollActivityTaskQueueResponse.decode(message)]),
  RespondWorkflowTaskCompleted: (message) =>
    tasksOf(v1.RespondWorkflowTaskCompletedResponse.decode(message).activityTasks),
};

const answering: Readonly<Record<string, ReadAnswered>> = {
  RespondActivityTaskCompleted: (message) => tokenKey(v1.RespondActivityTaskCompletedRequest.decode(message)),
  RespondActivityTaskFailed: (message) => tokenKey(v1.RespondActivityTaskFailedRequest.decode(message)),
  RespondActivityTaskCanceled: (message) => tokenKey(v1.RespondActivityTaskCanceledRequest.decode(message)),
  RespondActivityTaskCompletedById: (message) =>
    idsKey(v1.RespondActivityTaskCompletedByIdRequest.decode(message)),
  RespondActivityTaskFailedById: (message) => idsKey(v1.RespondActivityTaskFailedByIdRequest.decode(message)),
  RespondActivityTaskCanceledById: (message) =>
    idsKey(v1.RespondActivityTaskCanceledByIdRequest.decode(message)),
};

/** How to read the tasks that the answer to a call hands out; undefined for other calls. `path` is the `:path` of the request. */
export function readTasksFor(path: string): ReadTasks | undefined {
  return path.startsWith(service) ? handing[path.slice(service.length)] : undefined;
}

/** How to read which task a call answers; undefined for other calls. */
export function readAnsweredFor(path: string): ReadAnswered | undefined {
  return path.startsWith(service) ? answering[path.slice(service.length)] : undefined;
}

/**
 * The message of a unary call from its length-prefixed frame: one byte that tells whether it is compressed (here always with gzip,
 * which Temporal's SDK uses by default), four bytes of length. Undefined where there is none, as in an answer that is an error.
 */
export function unframe(body: Buffer): Uint8Array | undefined {
  if (body.length < 5) return undefined;
  const message = body.subarray(5, 5 + body.readUInt32BE(1));
  return body[0] === 1 ? gunzipSync(message) : message;
}

function tasksOf(
  responses: readonly temporal.api.workflowservice.v1.IPollActivityTaskQueueResponse[],
): readonly HandedTask[] {
  return responses
    .filter(({ taskToken }) => taskToken !== undefined && taskToken !== null && taskToken.length > 0)
    .map((response) => {
      const { activityType, activityId, workflowExecution, attempt } = response;
      const workflowId = workflowExecution?.workflowId ?? '';
      return {
        keys: [tokenKey(response), idsKey({ workflowId, activityId })],
        activity: activityType?.name ?? '',
        workflowId,
        attempt: attempt ?? 1,
      };
    });
}

function tokenKey({ taskToken }: { readonly taskToken?: Uint8Array | null }): string {
  return `token ${Buffer.from(taskToken ?? []).toString('base64')}`;
}

function idsKey(ids: {
  readonly workflowId?: string | null;
  readonly activityId?: string | null | undefined;
}): string {
  return `ids ${JSON.stringify([ids.workflowId, ids.activityId])}`;
}
