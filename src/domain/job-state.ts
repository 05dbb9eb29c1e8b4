import type { KubeObject } from './kube-object';
import { conditionOf, hasCondition, peekText } from './peek';
import { containersOf } from './pod-containers';
import { eventsAbout, latest } from './pod-events';
import { GRACE, judgePods, type FailureCode, type FirstSeen } from './pod-failure';
import { configRefs } from './config-refs';
import { isMap, valueAt } from './read-json';
import { tidy } from './trouble';

/** How a Job ended. */
export type JobEnd =
  | { readonly kind: 'complete' }
  /** Its Failed condition: `BackoffLimitExceeded`, `DeadlineExceeded`, `PodFailurePolicy`. */
  | ({ readonly kind: 'failed'; readonly reason: string } & JobTrouble)
  /** A pod of it can never run; a Job without a deadline would wait for ever. */
  | ({ readonly kind: 'stuck'; readonly code: FailureCode } & JobTrouble)
  /** Deleted by somebody before its end. */
  | { readonly kind: 'gone'; readonly sentence: string };

interface JobTrouble {
  /** For a person; ends of containers by reason and exit code, never with what they printed. */
  readonly sentence: string;
  readonly pod?: string;
  readonly container?: string;
}

export type JobState =
  JobEnd | { readonly kind: 'running'; readonly for: string; readonly firstSeen: FirstSeen };

/** What one look at a Job found. */
export interface JobSeen {
  readonly name: string;
  readonly job: KubeObject | undefined;
  /** Pods that the Job controls. */
  readonly pods: readonly KubeObject[];
  /** Events of the namespace. */
  readonly events: readonly KubeObject[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the last look. */
  readonly firstSeen: FirstSeen;
}

/** Failures that only a pod which ran can have: backoffLimit and podFailurePolicy say what they mean for a Job. */
const countedByJob: readonly FailureCode[] = ['CrashLoop', 'OOMKilled', 'RunError'];

/**
 * Judges a Job as it is now. Its conditions decide (batch/v1: `Complete`, `Failed`); before that, pods that cannot start end it by
 * the rules of `judgePods`. Configuration that is missing gets a minute, as something else may be creating it.
 */
export function judgeJob(seen: JobSeen): JobState {
  const { name, job, pods, events, now } = seen;
  if (hasCondition(job, 'Complete', 'True')) return { kind: 'complete' };
  if (job !== undefined && hasCondition(job, 'Failed', 'True')) return failedJob(job, pods);
  if (job === undefined || job.metadata.deletionTimestamp !== undefined)
    return { kind: 'gone', sentence: `Job ${name} was deleted before its end` };
  const generated = pods.flatMap(refsOf);
  const verdict = judgePods({ pods, events, now, firstSeen: seen.firstSeen, replicaSets: [], generated });
  const { firstSeen } = verdict;
  if (verdict.kind === 'failed' && !countedByJob.includes(verdict.code)) {
    const { code, sentence, pod, container } = verdict;
    return { kind: 'stuck', code, sentence: `Job ${name}: ${sentence}`, ...placeOf(pod, container) };
  }
  const refusal = refusalOf(job, events);
  if (refusal !== undefined && now - refusal.since >= GRACE.refused) {
    const sentence = `Job ${name}: its pods are refused. The API server says: ${refusal.message}`;
    return { kind: 'stuck', code: /quota/.test(refusal.message) ? 'Quota' : 'Refused', sentence };
  }
  if (valueAt(job, 'spec', 'suspend') === true)
    return { kind: 'running', for: `Job ${name}, which is suspended`, firstSeen };
  const why = verdict.kind === 'waiting' && verdict.reason !== 'NotReady' ? `: ${verdict.message}` : '';
  return { kind: 'running', for: `Job ${name} to end${refusal?.message ?? why}`, firstSeen };
}

/** Whether a Job has ended, well or not. */
export function isEnded(job: KubeObject): boolean {
  return hasCondition(job, 'Complete', 'True') || hasCondition(job, 'Failed', 'True');
}

/** The Job's own words, and how the container that failed last ended. */
function failedJob(job: KubeObject, pods: readonly KubeObject[]): JobEnd {
  const condition = conditionOf(job, 'Failed');
  const reason = peekText(condition, 'reason') ?? 'Failed';
  const message = tidy(peekText(condition, 'message'));
  const last = lastFailure(pods);
  const words =
    last === undefined ? '' : `; pod ${last.pod}, container ${last.container} ended with ${last.end}`;
  return {
    kind: 'failed',
    reason,
    sentence: `Job ${job.metadata.name} failed: ${message === '' ? reason : message}${words}`,
    ...placeOf(last?.pod, last?.container),
  };
}

function lastFailure(pods: readonly KubeObject[]) {
  const newestFirst = pods.toSorted((a, b) =>
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
  );
  for (const pod of newestFirst) {
    for (const { name, terminated, lastEnd } of containersOf(pod)) {
      const end = [terminated, lastEnd].find((each) => each !== undefined && each.exitCode !== 0);
      if (end === undefined) continue;
      const why = end.reason === '' ? '' : ` (${end.reason})`;
      return { pod: pod.metadata.name, container: name, end: `exit code ${end.exitCode}${why}` };
    }
  }
  return undefined;
}

/** A Job whose pods are refused (quota, admission) goes on trying and never fails by itself; only events tell. */
function refusalOf(job: KubeObject, events: readonly KubeObject[]) {
  const about = eventsAbout(events, job);
  const success = latest(about, ({ reason }) => reason === 'SuccessfulCreate');
  const since = about.find(({ reason, at }) => reason === 'FailedCreate' && at > (success?.at ?? -1));
  const failure = latest(about, ({ reason }) => reason === 'FailedCreate', success?.at);
  return failure === undefined || since === undefined
    ? undefined
    : { message: tidy(failure.message), since: since.at };
}

function refsOf(pod: KubeObject): readonly string[] {
  const spec = pod['spec'];
  return isMap(spec) ? configRefs(spec).map(({ kind, name }) => `${kind}/${name}`) : [];
}

function placeOf(pod: string | undefined, container: string | undefined) {
  return {
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
  };
}
