import type { KubeObject } from './kube-object';
import { peekList, peekNumber, peekText } from './peek';
import { isMap, valueAt } from './read-json';

/** One container of a pod, its definition and its status together. Ephemeral containers are none: people debug with them. */
export interface ContainerView {
  readonly name: string;
  /** A sidecar is an init container with `restartPolicy: Always`. */
  readonly role: 'container' | 'init' | 'sidecar';
  readonly image: string;
  /** The memory limit as written. */
  readonly memoryLimit?: string;
  /** The entry of `status.containerStatuses` or `initContainerStatuses`; undefined before the kubelet writes it. */
  readonly status: unknown;
  readonly restarts: number;
  readonly waiting?: ContainerWaiting;
  /** It is not running now. */
  readonly terminated?: ContainerEnd;
  /** It ran before and ended so. */
  readonly lastEnd?: ContainerEnd;
}

export interface ContainerWaiting {
  readonly reason: string;
  readonly message: string;
}

export interface ContainerEnd {
  readonly reason: string;
  readonly exitCode: number;
  /** Written by the container itself or its last log lines: may hold secrets unless `reason` says the runtime wrote it. */
  readonly message: string;
}

/** All containers of a pod in the order in which they start. */
export function containersOf(pod: KubeObject): readonly ContainerView[] {
  const early = peekList(pod, 'spec', 'initContainers').map((spec) => {
    const role = peekText(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init';
    return viewOf(spec, role, peekList(pod, 'status', 'initContainerStatuses'));
  });
  const main = peekList(pod, 'spec', 'containers').map((spec) =>
    viewOf(spec, 'container', peekList(pod, 'status', 'containerStatuses')),
  );
  return [...early, ...main];
}

/** Whether the kubelet has not come to this container yet. */
export function isBeingCreated({ waiting, status }: ContainerView): boolean {
  return (
    status === undefined || waiting?.reason === 'ContainerCreating' || waiting?.reason === 'PodInitializing'
  );
}

function viewOf(spec: unknown, role: ContainerView['role'], statuses: readonly unknown[]): ContainerView {
  const name = peekText(spec, 'name') ?? '';
  const status = statuses.find((entry) => peekText(entry, 'name') === name);
  const memoryLimit = peekText(spec, 'resources', 'limits', 'memory');
  const waiting = valueAt(status, 'state', 'waiting');
  const terminated = endOf(valueAt(status, 'state', 'terminated'));
  const lastEnd = endOf(valueAt(status, 'lastState', 'terminated'));
  return {
    name,
    role,
    image: peekText(spec, 'image') ?? '',
    status,
    restarts: peekNumber(status, 'restartCount') ?? 0,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(isMap(waiting)
      ? {
          waiting: { reason: peekText(waiting, 'reason') ?? '', message: peekText(waiting, 'message') ?? '' },
        }
      : {}),
    ...(terminated === undefined ? {} : { terminated }),
    ...(lastEnd === undefined ? {} : { lastEnd }),
  };
}

function endOf(terminated: unknown): ContainerEnd | undefined {
  if (!isMap(terminated)) return undefined;
  const exitCode = peekNumber(terminated, 'exitCode') ?? 0;
  return {
    reason: peekText(terminated, 'reason') ?? '',
    exitCode,
    message: peekText(terminated, 'message') ?? '',
  };
}
