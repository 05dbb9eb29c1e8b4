import type { KubeObject } from './kube-object';
import { conditionOf, peekNumber, peekText } from './peek';
import { latest, viewOf } from './pod-events';
import type { EventView } from './pod-events';
import type { Grace, PodsSeen } from './pod-verdict';
import { tidy, trouble } from './trouble';
import type { PodFinding } from './trouble';

/** Kinds whose controllers create pods; only ReplicaSets say so in a condition. */
const OWNERS: readonly string[] = ['ReplicaSet', 'StatefulSet', 'DaemonSet'];
const QUOTA = /exceeded quota|insufficient quota|failed quota/;

/** Owners that are refused pods: ReplicaSets by their ReplicaFailure condition, all by events where no ReplicaSets were read. */
export function replicaSetFindings(seen: PodsSeen, grace: Grace): readonly PodFinding[] {
  const refusals =
    seen.replicaSets === undefined ? refusalsInEvents(seen.events) : refusalsOf(seen.replicaSets);
  const areTerminating =
    seen.arePodsTerminating ?? seen.pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined);
  return refusals.map((refusal) => judgeRefusal(refusal, areTerminating, grace));
}

interface Refusal {
  /** `ReplicaSet web-5c9d`. */
  readonly object: string;
  readonly reason: string;
  readonly message: string;
}

function refusalsOf(replicaSets: readonly KubeObject[]): readonly Refusal[] {
  return replicaSets.flatMap((replicaSet) => {
    const condition = conditionOf(replicaSet, 'ReplicaFailure');
    const isWanted =
      replicaSet.metadata.deletionTimestamp === undefined && peekNumber(replicaSet, 'spec', 'replicas') !== 0;
    const reason = peekText(condition, 'reason') ?? '';
    if (!isWanted || peekText(condition, 'status') !== 'True' || reason !== 'FailedCreate') return [];
    return [
      {
        object: `ReplicaSet ${replicaSet.metadata.name}`,
        reason,
        message: peekText(condition, 'message') ?? '',
      },
    ];
  });
}

function refusalsInEvents(events: readonly KubeObject[]): readonly Refusal[] {
  const byObject = new Map<string, EventView[]>();
  for (const event of events) {
    const kind = peekText(event, 'involvedObject', 'kind') ?? '';
    if (!OWNERS.includes(kind)) continue;
    const object = `${kind} ${peekText(event, 'involvedObject', 'name') ?? ''}`;
    byObject.set(object, [...(byObject.get(object) ?? []), viewOf(event)]);
  }
  return [...byObject].flatMap(([object, views]) => {
    const sorted = views.sort((a, b) => a.at - b.at);
    const success = latest(sorted, ({ reason }) => reason === 'SuccessfulCreate');
    const failure = latest(sorted, ({ reason }) => reason === 'FailedCreate', success?.at);
    return failure === undefined ? [] : [{ object, reason: failure.reason, message: failure.message }];
  });
}

function judgeRefusal(refusal: Refusal, areTerminating: boolean, grace: Grace): PodFinding {
  const isQuota = QUOTA.test(refusal.message);
  const quotaGrace = areTerminating ? grace.quotaWhileTerminating : grace.quota;
  return {
    ...trouble({
      code: isQuota ? 'Quota' : 'Refused',
      reason: refusal.reason,
      message: tidy(refusal.message),
      speaker: 'API server',
      grace: isQuota ? quotaGrace : grace.refused,
      // The controller backs off while pods go; when they are gone it deserves a grace of its own.
      ...(isQuota && areTerminating ? { episode: 'terminating' } : {}),
      what: isQuota ? 'the quota of the namespace leaves no room for its pods' : 'its pods are refused',
      todo: isQuota
        ? 'Raise the quota, or lower requests, limits, replicas or maxSurge.'
        : 'Change the pod template to what the cluster accepts.',
    }),
    object: refusal.object,
  };
}
