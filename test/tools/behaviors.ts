/** The parts of a pod that the tests look at. */
export interface Pod {
  status: {
    phase: string;
    conditions?: object[];
    containerStatuses?: object[];
    initContainerStatuses?: object[];
  };
}

/** What a behavior of a simulated pod must come to look like. */
export interface Expectation {
  behavior: string;
  status: object;
}

const IMAGE = 'registry.example/web:v3';
const PULL = `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}"`;
const text = (part: string): string => expect.stringContaining(part) as string;

function describe(behavior: string, phase: string, container: object): Expectation {
  return { behavior, status: { phase, containerStatuses: [{ name: 'app', ...container }] } };
}

function describeWaiting(behavior: string, reason: string, message?: string): Expectation {
  const waiting = message ? { reason, message: text(message) } : { reason };
  const phase = behavior === 'run-error' ? 'Running' : 'Pending';
  return describe(behavior, phase, { ready: false, started: false, state: { waiting } });
}

function describeBackOff(behavior: string, terminated: object): Expectation {
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: text('back-off 20s restarting failed container=app pod='),
  };
  return describe(behavior, 'Running', {
    ready: false,
    restartCount: 2,
    state: { waiting },
    lastState: { terminated },
  });
}

/** Every behavior, as the status that it settles in. */
export const BEHAVIORS: Expectation[] = [
  describe('ready', 'Running', { ready: true, started: true, restartCount: 0 }),
  describe('slow-ready', 'Running', { ready: true }),
  describe('never-ready', 'Running', { ready: false, started: true }),
  describe('flapping', 'Running', {
    ready: true,
    restartCount: 2,
    lastState: { terminated: { exitCode: 137 } },
  }),
  describeWaiting(
    'image-pull',
    'ImagePullBackOff',
    `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = ${PULL}: ${IMAGE}: not found`,
  ),
  describeWaiting('image-denied', 'ImagePullBackOff', 'pull access denied'),
  describeWaiting('image-throttled', 'ImagePullBackOff', '429 Too Many Requests'),
  describeWaiting('invalid-image', 'InvalidImageName', `couldn't parse image name "${IMAGE}"`),
  describeWaiting('missing-config', 'CreateContainerConfigError', 'configmap "app-config" not found'),
  describeWaiting(
    'missing-config-key',
    'CreateContainerConfigError',
    "couldn't find key DATABASE_URL in ConfigMap default/app-config",
  ),
  describeWaiting('failed-mount', 'ContainerCreating'),
  describeWaiting('run-error', 'RunContainerError', 'exec: "nope": executable file not found in $PATH'),
  describeBackOff('crash', { exitCode: 1, reason: 'Error' }),
  describeBackOff('crash-loop', { exitCode: 1, reason: 'Error' }),
  describeBackOff('crash-after-ready', { exitCode: 1, reason: 'Error' }),
  describeBackOff('oom', { exitCode: 137, reason: 'OOMKilled' }),
  describeBackOff('missing-env', { exitCode: 1, message: 'environment variable DATABASE_URL is not set' }),
  {
    behavior: 'init-crash',
    status: {
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
      initContainerStatuses: [{ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    },
  },
];
