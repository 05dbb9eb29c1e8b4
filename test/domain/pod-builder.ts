import type { KubeObject } from '../../src/domain/kube-object';

type Json = Readonly<Record<string, unknown>>;

/** When the tests begin: 2026-03-01T03:00:00Z. */
export const START = Date.parse('2026-03-01T03:00:00Z');

/** What the kubelet writes about one container; `{}` means a container that runs and is ready. */
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  readonly last?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  readonly restarts?: number;
  readonly ready?: boolean;
}

export interface PodShape {
  readonly name?: string;
  readonly image?: string;
  readonly memory?: string;
  /** State of the container `app`. */
  readonly app?: ContainerState;
  /** State of the init container `migrate`, if there is one. */
  readonly init?: ContainerState;
  /** State of the sidecar `proxy`, if there is one. */
  readonly sidecar?: ContainerState;
  readonly conditions?: readonly Json[];
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly status?: Json;
}

export const IMAGE = 'registry.example.com/shop/web:v9';
const CREATING: ContainerState = { waiting: { reason: 'ContainerCreating' } };

/** A pod of the Deployment `web-canary` as the API server shows it. */
export function pod(shape: PodShape = {}): KubeObject {
  const { image = IMAGE, app = {}, init, sidecar, memory } = shape;
  const limits = memory === undefined ? {} : { resources: { limits: { memory } } };
  const early = [
    ...(init === undefined ? [] : [{ spec: { name: 'migrate', image }, state: init }]),
    ...(sidecar === undefined
      ? []
      : [{ spec: { name: 'proxy', image: 'envoy:1.30', restartPolicy: 'Always' }, state: sidecar }]),
  ];
  const isReady = [app, sidecar].every((state) => state === undefined || isRunning(state));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: shape.name ?? 'web-canary-a',
      namespace: 'shop',
      uid: `uid-${shape.name ?? 'web-canary-a'}`,
      ...shape.metadata,
    },
    spec: {
      restartPolicy: 'Always',
      nodeName: 'node-1',
      initContainers: early.map(({ spec }) => spec),
      containers: [{ name: 'app', image, ...limits }],
      ...shape.spec,
    },
    status: {
      phase: isReady ? 'Running' : 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: isReady ? 'True' : 'False' },
        ...(shape.conditions ?? []),
      ],
      initContainerStatuses: early.map(({ spec, state }) => statusOf(spec.name, state)),
      containerStatuses: [statusOf('app', app)],
      ...shape.status,
    },
  };
}

/** A pod whose containers the kubelet has not started to make. */
export function creating(shape: PodShape = {}): KubeObject {
  return pod({ app: CREATING, ...shape });
}

/** A pod that no node has taken. */
export function unscheduled(shape: PodShape = {}): KubeObject {
  const message =
    '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  return pod({ ...shape, status: { phase: 'Pending', conditions, containerStatuses: [], ...shape.status } });
}

/** A `v1` Event about a pod, `second` seconds after the start. */
export function event(reason: string, message: string, second = 0, more: Json = {}): KubeObject {
  const about = { kind: 'Pod', namespace: 'shop', name: 'web-canary-a', uid: 'uid-web-canary-a' };
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `e-${reason}-${second}`, namespace: 'shop' },
    involvedObject: about,
    reason,
    message,
    type: 'Warning',
    lastTimestamp: new Date(START + second * 1000).toISOString(),
    count: 1,
    ...more,
  };
}

function isRunning({ waiting, terminated, ready }: ContainerState): boolean {
  return waiting === undefined && terminated === undefined && ready !== false;
}

function statusOf(name: string, state: ContainerState): Json {
  const { waiting, terminated, last, restarts = 0 } = state;
  const running = { startedAt: '2026-03-01T02:59:00Z' };
  const now = waiting !== undefined ? { waiting } : terminated !== undefined ? { terminated } : { running };
  return {
    name,
    ready: isRunning(state),
    restartCount: restarts,
    state: now,
    lastState: last === undefined ? {} : { terminated: last },
  };
}
