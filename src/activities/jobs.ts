import { isOwnedBy } from '../domain/apps';
import { jobMarks } from '../domain/hook-job';
import { judgeJob, type JobEnd } from '../domain/job-state';
import { refOf, type KubeObject } from '../domain/kube-object';
import { marks, rolloutManager } from '../domain/marks';
import type { FirstSeen } from '../domain/pod-failure';
import type { Cluster, NamespaceView } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import type { Beat } from './beating';
import { withView } from './with-view';

export interface JobRun extends Beat {
  /** Asked after a suspended Job was created and before it gets a pod; throws when it may not run any more. */
  readonly mayStart?: () => Promise<void>;
  /** What becomes of it when the workflow cancels: `suspend` stops its pods and leaves the Job to tell that it ran. */
  readonly onAbort: 'delete' | 'suspend';
}

const longestQuietMs = 5_000;

/**
 * Runs a Job to its end. Its name makes it once: a Job of ours under this name is watched, not made again. A worker that stops
 * leaves the Job to the next attempt; only a cancellation by the workflow ends it early. Throws PortError when it cannot be created.
 */
export async function runJob(cluster: Cluster, job: KubeObject, run: JobRun): Promise<JobEnd> {
  try {
    const created = await ensureJob(cluster, job, run.signal);
    const running = await release(cluster, created, run);
    return running === undefined ? gone(job) : await watchJob(cluster, running, run);
  } catch (error: unknown) {
    if (run.signal.aborted && isCancelled(run.signal)) await stopJob(cluster, job, run.onAbort);
    throw error;
  }
}

async function ensureJob(cluster: Cluster, job: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  for (;;) {
    signal.throwIfAborted();
    const live = await cluster.get(refOf(job), signal);
    if (live !== undefined) return assertOwn(job, live);
    try {
      return await cluster.create(job, { manager: rolloutManager, signal });
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict')) throw error;
    }
  }
}

function assertOwn(job: KubeObject, live: KubeObject): KubeObject {
  const isOwn = [marks.application, marks.rollout].every(
    (label) => live.metadata.labels?.[label] === job.metadata.labels?.[label],
  );
  if (isOwn) return live;
  const { name } = job.metadata;
  throw new PortError(`a Job ${name} exists that is not this application's; delete it or rename yours`, {
    code: 'OwnedByAnother',
    retry: 'never',
    facts: { kind: 'Job', name },
  });
}

/** Lets a Job that was created suspended run; one that was let run before and is suspended again has been stopped, and stays so. */
async function release(
  cluster: Cluster,
  created: KubeObject,
  { mayStart, signal }: JobRun,
): Promise<KubeObject | undefined> {
  let job: KubeObject | undefined = created;
  while (job !== undefined && isHeld(job)) {
    await mayStart?.();
    const { resourceVersion } = job.metadata;
    const metadata = { resourceVersion, annotations: { [jobMarks.released]: 'true' } };
    try {
      const patch = { metadata, spec: { suspend: false } };
      return await cluster.patch(refOf(job), patch, { manager: rolloutManager, signal });
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict', 'NotFound')) throw error;
      job = await cluster.get(refOf(job), signal);
    }
  }
  return job;
}

function isHeld(job: KubeObject): boolean {
  const { suspend } = job['spec'] as { readonly suspend?: boolean };
  return suspend === true && job.metadata.annotations?.[jobMarks.released] === undefined;
}

/** The watch of the namespace's pods says when to look at the Job; in quiet times it is looked at ever more rarely, up to 5 s. */
export async function watchJob(cluster: Cluster, started: KubeObject, beat: Beat): Promise<JobEnd> {
  const { signal } = beat;
  const { name, namespace = '', uid } = started.metadata;
  return withView(cluster, { namespace, signal }, async (live) => {
    let firstSeen: FirstSeen = {};
    for (let quietMs = 500; ; quietMs = Math.min(longestQuietMs, quietMs * 1.5)) {
      const job = await cluster.get(refOf(started), signal);
      const pods = podsOf(live, started);
      const same = job?.metadata.uid === uid ? job : undefined;
      const state = judgeJob({
        name,
        job: same,
        pods,
        events: live.objects('Event'),
        now: beat.now(),
        firstSeen,
      });
      if (state.kind !== 'running') return state;
      beat.note(`waiting for ${state.for}`);
      firstSeen = state.firstSeen;
      if (await hasChanged(live, started, { pods, quietMs, signal })) quietMs = 500;
    }
  });
}

/** True when the Job's pods have changed, false after `quietMs` without a change. */
async function hasChanged(
  live: NamespaceView,
  job: KubeObject,
  {
    pods,
    quietMs,
    signal,
  }: { readonly pods: readonly KubeObject[]; readonly quietMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const before = versionsOf(pods);
  const until = performance.now() + quietMs;
  for (let left = quietMs; left > 0; left = until - performance.now()) {
    await live.change(left, signal);
    signal.throwIfAborted();
    if (versionsOf(podsOf(live, job)) !== before) return true;
  }
  return false;
}

function podsOf(live: NamespaceView, job: KubeObject): readonly KubeObject[] {
  return live.objects('Pod').filter((pod) => isOwnedBy(pod, job));
}

function versionsOf(pods: readonly KubeObject[]): string {
  return pods.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join();
}

/**
 * Ends a Job early; what it has done stays done. A Job that has ended is left as it is by `suspend`. Answers when the API server
 * has taken it: pods may take their grace period.
 */
export async function stopJob(cluster: Cluster, job: KubeObject, how: 'delete' | 'suspend'): Promise<void> {
  const live = await cluster.get(refOf(job));
  if (live === undefined) return;
  if (how === 'delete') {
    await cluster.remove(refOf(live), { propagation: 'Background', uid: live.metadata.uid ?? '' });
    return;
  }
  await cluster
    .patch(refOf(live), { spec: { suspend: true } }, { manager: rolloutManager })
    .catch((error: unknown) => {
      if (!isPortError(error, 'NotFound')) throw error;
    });
}

/** Waits until a stopped Job has no pod any more. */
export async function untilStopped(cluster: Cluster, job: KubeObject, beat: Beat): Promise<void> {
  const { namespace = '' } = job.metadata;
  return withView(cluster, { namespace, signal: beat.signal }, async (live) => {
    for (;;) {
      beat.signal.throwIfAborted();
      const left = podsOf(live, job).filter((pod) => !isOver(pod));
      if (left.length === 0) return;
      beat.note(`waiting for the pods of Job ${job.metadata.name} to go`);
      await live.change(1_000, beat.signal);
    }
  });
}

function isOver(pod: KubeObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { readonly phase?: string };
  return phase === 'Succeeded' || phase === 'Failed';
}

/** By the workflow, and not by a worker that shuts down or an attempt that the server has given away. */
/** Whether the workflow has cancelled the activity; a worker that shuts down aborts it for another reason. */
export function isCancelled(signal: AbortSignal): boolean {
  return signal.reason instanceof Error && signal.reason.message === 'CANCELLED';
}

function gone(job: KubeObject): JobEnd {
  return { kind: 'gone', sentence: `Job ${job.metadata.name} was deleted before its end` };
}
