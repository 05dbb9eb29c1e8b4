import type { KubeObject } from './kube-object';
import { judgeMissingConfig } from './missing-config';
import { conditionOf, hasCondition, peekText } from './peek';
import { containersOf, isBeingCreated } from './pod-containers';
import type { ContainerView } from './pod-containers';
import { eventsAbout, latest, probeFailure } from './pod-events';
import type { EventView } from './pod-events';
import { tidy, trouble } from './trouble';
import type { PodFinding, JudgeContext, Pending, Trouble } from './trouble';
import { judgeContainer, sandboxTrouble } from './waiting-reasons';

/** An autoscaler has taken the pod's case: cluster-autoscaler's and Karpenter's events. */
const NODE_IS_COMING: readonly string[] = ['TriggeredScaleUp', 'Nominated'];
/** Events that show the kubelet past mounts and sandbox. */
const PAST_SETUP: readonly string[] = ['Pulling', 'Pulled', 'Created', 'Started'];

/** Everything that keeps one pod from being ready; empty if it is. */
export function findingsOf(
  pod: KubeObject,
  allEvents: readonly KubeObject[],
  context: JudgeContext,
): readonly PodFinding[] {
  const at = { object: `Pod ${pod.metadata.name}`, pod: pod.metadata.name };
  const events = eventsAbout(allEvents, pod);
  const scheduling = judgeScheduling(pod, events, context);
  if (scheduling !== undefined) return [{ ...scheduling, ...at }];
  const containers = containersOf(pod);
  const troubles = containers.flatMap((container): readonly PodFinding[] => {
    const found = judgeContainer({ pod, container, events, context });
    return found === undefined ? [] : [{ ...found, ...at, container: container.name }];
  });
  if (troubles.length > 0) return troubles;
  if (hasCondition(pod, 'Ready', 'True')) return [];
  const setup = containers.some(isBeingCreated) ? judgeSetup(pod, events, context) : undefined;
  return [{ ...(setup ?? describeStart(containers, events)), ...at }];
}

function judgeScheduling(
  pod: KubeObject,
  events: readonly EventView[],
  context: JudgeContext,
): Trouble | Pending | undefined {
  const condition = conditionOf(pod, 'PodScheduled');
  if (peekText(condition, 'status') !== 'False') return undefined;
  const reason = peekText(condition, 'reason') ?? 'Unschedulable';
  const message = tidy(peekText(condition, 'message'));
  if (reason === 'SchedulingGated') return { kind: 'pending', reason, message };
  const isComing =
    peekText(pod, 'status', 'nominatedNodeName') !== undefined ||
    latest(events, (event) => NODE_IS_COMING.includes(event.reason)) !== undefined;
  return trouble({
    code: 'Unschedulable',
    reason,
    message,
    speaker: 'scheduler',
    grace: isComing ? context.grace.nodeComing : context.grace.unschedulable,
    what: 'no node takes the pod',
    todo: 'Add nodes, or change what the pod asks for (requests, node selector, affinity, tolerations, volumes).',
  });
}

/** Mounts and sandbox: only events tell, and events outlive what they tell, so later progress makes them void. */
function judgeSetup(
  pod: KubeObject,
  events: readonly EventView[],
  context: JudgeContext,
): Trouble | Pending | undefined {
  if (hasCondition(pod, 'PodReadyToStartContainers', 'True')) return undefined;
  const progress = latest(events, ({ reason }) => PAST_SETUP.includes(reason))?.at;
  const mount = events.filter(
    ({ reason, at }) => reason === 'FailedMount' && (progress === undefined || at > progress),
  );
  const missing = mount.flatMap((event) => judgeMissingConfig(pod, event, context) ?? []);
  if (missing[0] !== undefined) return missing[0];
  const sandbox = latest(
    events,
    ({ reason }) => reason === 'FailedCreatePodSandBox' || reason === 'NetworkNotReady',
    progress,
  );
  if (sandbox !== undefined) return sandboxTrouble(sandbox, context);
  const other = latest(
    events,
    ({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume',
    progress,
  );
  return other === undefined
    ? undefined
    : { kind: 'pending', reason: other.reason, message: tidy(other.message) };
}

function describeStart(containers: readonly ContainerView[], events: readonly EventView[]): Pending {
  const held = containers.find(
    ({ waiting }) => waiting !== undefined && waiting.reason !== 'PodInitializing',
  );
  if (held?.waiting !== undefined) {
    const { reason, message } = held.waiting;
    return {
      kind: 'pending',
      reason,
      message: tidy(`container ${held.name}: ${message === '' ? reason : message}`),
    };
  }
  const ended = containers.find(
    ({ role, terminated }) => terminated !== undefined && (role !== 'init' || terminated.exitCode !== 0),
  );
  if (ended?.terminated !== undefined) {
    const message = `container ${ended.name} ended once with exit code ${ended.terminated.exitCode}`;
    return { kind: 'pending', reason: 'Crashed', message };
  }
  const init = containers.find(({ role, terminated }) => role === 'init' && terminated === undefined);
  if (init !== undefined)
    return { kind: 'pending', reason: 'PodInitializing', message: `init container ${init.name} is not done` };
  const probe = probeFailure(events, 'Startup') ?? probeFailure(events, 'Readiness');
  return { kind: 'pending', reason: 'NotReady', message: tidy(probe ?? 'its containers are not all ready') };
}
