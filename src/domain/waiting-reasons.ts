import { cannotStart, judgeCrash } from './crash';
import type { KubeObject } from './kube-object';
import { judgeMissingConfig, namesConfig } from './missing-config';
import type { ContainerView, ContainerWaiting } from './pod-containers';
import type { EventView } from './pod-events';
import { judgePull } from './pull-trouble';
import { tidy, trouble } from './trouble';
import type { JudgeContext, Trouble } from './trouble';

/** A container and what is known around it. */
export interface ContainerCase {
  readonly pod: KubeObject;
  readonly container: ContainerView;
  readonly events: readonly EventView[];
  readonly context: JudgeContext;
}

/** A slow or restarting container runtime, which the kubelet reports with the same reason as a bad command. */
const NODE_IS_SLOW =
  /deadline exceeded|failed to reserve (container|sandbox) name|name .* is reserved for|code = Unavailable/i;

/** What is wrong with one container, by the reason that the kubelet gives; undefined if nothing that is known to be bad. */
export function judgeContainer(input: ContainerCase): Trouble | undefined {
  const { container, events } = input;
  return (
    (container.waiting === undefined ? undefined : judgeWaiting(input, container.waiting)) ??
    judgeCrash(container, events)
  );
}

function judgeWaiting(input: ContainerCase, waiting: ContainerWaiting): Trouble | undefined {
  switch (waiting.reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
    case 'SignatureValidationFailed':
    case 'RegistryUnavailable':
    case 'ImageInspectError':
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return judgePull(input.container, waiting, input);
    case 'CreateContainerConfigError':
      return judgeConfig(input, waiting);
    case 'RunContainerError':
    case 'CreateContainerError':
      return NODE_IS_SLOW.test(waiting.message)
        ? sandboxTrouble(waiting, input.context)
        : startTrouble(input, waiting);
    case 'PreCreateHookError':
    case 'PreStartHookError':
    case 'PostStartHookError':
      return startTrouble(input, waiting);
    case 'CreatePodSandboxError':
    case 'ConfigPodSandboxError':
      return sandboxTrouble(waiting, input.context);
    default:
      return undefined;
  }
}

function startTrouble({ container }: ContainerCase, waiting: ContainerWaiting): Trouble {
  // The kubelet's message is often empty while the runtime's stands in the last end.
  return cannotStart(
    container,
    waiting.reason,
    waiting.message === '' ? (container.lastEnd?.message ?? '') : waiting.message,
  );
}

function judgeConfig(
  { pod, container, context }: ContainerCase,
  waiting: ContainerWaiting,
): Trouble | undefined {
  if (namesConfig(waiting.message)) return judgeMissingConfig(pod, waiting, context);
  const isSettled = waiting.message.includes('runAsNonRoot');
  return {
    ...cannotStart(container, waiting.reason, waiting.message),
    grace: isSettled ? 0 : context.grace.missingConfig,
  };
}

/** The node cannot make the pod's surroundings: network, runtime. */
export function sandboxTrouble(
  said: { readonly reason: string; readonly message: string },
  context: JudgeContext,
): Trouble {
  return trouble({
    code: 'Sandbox',
    reason: said.reason,
    message: tidy(said.message),
    grace: context.grace.sandbox,
    what: 'the node cannot set up the pod',
    todo: 'Look at the node: its network plugin and its container runtime.',
  });
}
