import { judgePods } from '../../src/domain/pod-failure';
import type { FailureCode, PodVerdict, PodsSeen } from '../../src/domain/pod-failure';
import { IMAGE, START, creating, event, pod } from './pod-builder';
import type { ContainerState, PodShape } from './pod-builder';

const NOT_FOUND = `rpc error: code = NotFound desc = failed to resolve reference "${IMAGE}": ${IMAGE}: not found`;
const DENIED =
  'pull access denied, repository does not exist or may require authorization: authorization failed';
const LOOPING: ContainerState = {
  waiting: {
    reason: 'CrashLoopBackOff',
    message: 'back-off 10s restarting failed container=app pod=web-canary-a_shop(uid)',
  },
  last: { exitCode: 1, reason: 'Error', message: 'DATABASE_PASSWORD=hunter2 is refused' },
  restarts: 1,
};
const NO_COMMAND =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: exec: "./serve": stat ./serve: no such file or directory: unknown';

function look(pods: PodsSeen['pods'], more: Partial<PodsSeen> = {}): PodVerdict {
  return judgePods({ pods, events: [], now: START, firstSeen: {}, ...more });
}

function waitingFor(reason: string, message = ''): ContainerState {
  return { waiting: { reason, message } };
}

/** What the verdict is, in short: `failed ImagePull in app` or `waiting ErrImagePull for 60 s`. */
function brief(verdict: PodVerdict): string {
  if (verdict.kind === 'ok') return 'ok';
  if (verdict.kind === 'failed') return `failed ${verdict.code} in ${verdict.container ?? verdict.object}`;
  const seconds = verdict.until === undefined ? '' : ` for ${(verdict.until - verdict.since) / 1000} s`;
  return `waiting ${verdict.reason}${seconds}`;
}

describe('judgePods, at the first look at one pod', () => {
  test.each<readonly [name: string, shape: PodShape, expected: string]>([
    ['finds nothing wrong with a ready pod', {}, 'ok'],
    [
      'waits while containers are created',
      { app: waitingFor('ContainerCreating') },
      'waiting ContainerCreating',
    ],
    ['waits for a pod that runs and is not ready', { app: { ready: false } }, 'waiting NotReady'],
    [
      'gives up an image name that cannot be parsed',
      { app: waitingFor('InvalidImageName') },
      'failed InvalidImage in app',
    ],
    [
      'gives up an image that is not there',
      { app: waitingFor('ErrImagePull', NOT_FOUND) },
      'failed ImagePull in app',
    ],
    [
      'gives up an image that is not there while backing off',
      {
        app: waitingFor('ImagePullBackOff', `Back-off pulling image "${IMAGE}": ErrImagePull: ${NOT_FOUND}`),
      },
      'failed ImagePull in app',
    ],
    [
      'gives up an image that must not be pulled',
      { app: waitingFor('ErrImageNeverPull') },
      'failed ImagePull in app',
    ],
    [
      'gives up an image whose signature is refused',
      { app: waitingFor('SignatureValidationFailed') },
      'failed ImagePull in app',
    ],
    [
      'waits for the second try after a refused pull',
      { app: waitingFor('ErrImagePull', DENIED) },
      'waiting ErrImagePull for 60 s',
    ],
    [
      'takes the back-off for the second try of a refused pull',
      { app: waitingFor('ImagePullBackOff', `Back-off pulling image "${IMAGE}": ErrImagePull: ${DENIED}`) },
      'failed ImagePull in app',
    ],
    [
      'gives a limiting registry a grace',
      { app: waitingFor('ErrImagePull', 'toomanyrequests: You have reached your pull rate limit') },
      'waiting ErrImagePull for 60 s',
    ],
    [
      'gives an absent registry a grace',
      { app: waitingFor('RegistryUnavailable') },
      'waiting RegistryUnavailable for 60 s',
    ],
    [
      'gives an unknown failure of a pull a grace',
      { app: waitingFor('ErrImagePull', 'something new') },
      'waiting ErrImagePull for 60 s',
    ],
    [
      'gives up a container that cannot run',
      { app: waitingFor('RunContainerError', NO_COMMAND) },
      'failed RunError in app',
    ],
    [
      'gives up a container that cannot be created',
      { app: waitingFor('CreateContainerError', 'invalid mount') },
      'failed RunError in app',
    ],
    [
      'gives a slow container runtime a grace',
      { app: waitingFor('CreateContainerError', 'context deadline exceeded') },
      'waiting CreateContainerError for 60 s',
    ],
    [
      'gives up a container whose post-start hook fails',
      { app: waitingFor('PostStartHookError', 'command /warm exited with 1') },
      'failed RunError in app',
    ],
    [
      'gives up a process that never started',
      { app: { terminated: { exitCode: 128, reason: 'StartError', message: NO_COMMAND } } },
      'failed RunError in app',
    ],
    [
      'gives up a user that is root where root is not allowed',
      {
        app: waitingFor(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root',
        ),
      },
      'failed RunError in app',
    ],
    [
      'forgives the first crash while the container is down',
      { app: { terminated: { exitCode: 1, reason: 'Error' } } },
      'waiting Crashed',
    ],
    [
      'forgives the first crash once the container runs again',
      { app: { last: { exitCode: 1 }, restarts: 1, ready: false } },
      'waiting NotReady',
    ],
    [
      'is content with a pod that crashed once and is ready',
      { app: { last: { exitCode: 1 }, restarts: 1 } },
      'ok',
    ],
    [
      'gives up a container that is down for the second time',
      { app: { terminated: { exitCode: 1 }, last: { exitCode: 1 }, restarts: 1 } },
      'failed CrashLoop in app',
    ],
    ['gives up a container in a crash loop', { app: LOOPING }, 'failed CrashLoop in app'],
    [
      'gives up a container that crashed twice and runs again',
      { app: { last: { exitCode: 137 }, restarts: 2 } },
      'failed CrashLoop in app',
    ],
    [
      'gives up a server that ends well twice',
      { app: { terminated: { exitCode: 0, reason: 'Completed' }, restarts: 1 } },
      'failed CrashLoop in app',
    ],
    [
      'tells a lack of memory from other crashes',
      { app: { ...LOOPING, last: { exitCode: 137, reason: 'OOMKilled' } } },
      'failed OOMKilled in app',
    ],
    [
      'forgives the first lack of memory',
      { app: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
      'waiting Crashed',
    ],
    [
      'gives up an init container that crashes twice',
      { init: LOOPING, app: waitingFor('PodInitializing') },
      'failed CrashLoop in migrate',
    ],
    [
      'waits for an init container that runs',
      { init: {}, app: waitingFor('PodInitializing') },
      'waiting PodInitializing',
    ],
    [
      'is content with an init container that succeeded at the third try',
      { init: { terminated: { exitCode: 0 }, last: { exitCode: 1 }, restarts: 2 } },
      'ok',
    ],
    [
      'is content with an init container that ran again because its node restarted',
      { init: { last: { exitCode: 0 }, restarts: 2 }, app: waitingFor('PodInitializing') },
      'waiting PodInitializing',
    ],
    ['gives up a sidecar that crashes twice', { sidecar: LOOPING }, 'failed CrashLoop in proxy'],
    [
      'gives up a sidecar whose image is not there',
      { sidecar: waitingFor('ErrImagePull', 'not found') },
      'failed ImagePull in proxy',
    ],
    [
      'ignores ephemeral containers',
      {
        status: {
          ephemeralContainerStatuses: [
            { name: 'debug', restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } },
          ],
        },
      },
      'ok',
    ],
    [
      'ignores a pod that is being deleted',
      { app: LOOPING, metadata: { deletionTimestamp: '2026-03-01T03:00:00Z' } },
      'ok',
    ],
    [
      'ignores a pod that was evicted',
      { app: LOOPING, status: { phase: 'Failed', reason: 'Evicted' } },
      'ok',
    ],
    [
      'waits for a pod whose scheduling is gated',
      {
        conditions: [],
        status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      },
      'waiting SchedulingGated',
    ],
  ])('%s', (_name, shape, expected) => {
    expect(brief(look([pod(shape)]))).toBe(expected);
  });

  test('finds nothing wrong with no pods', () => {
    expect(brief(look([]))).toBe('ok');
  });

  test('reads the cause of an old back-off from the events', () => {
    const app = waitingFor('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`);
    const events = [event('Failed', `Failed to pull image "${IMAGE}": ${NOT_FOUND}`)];
    expect(brief(look([pod({ app })], { events }))).toBe('failed ImagePull in app');
  });

  test('takes a repeated event for the second try of a refused pull', () => {
    const app = waitingFor('ErrImagePull', DENIED);
    const events = [event('Failed', `Failed to pull image "${IMAGE}": ${DENIED}`, 0, { count: 2 })];
    expect(brief(look([pod({ app })], { events }))).toBe('failed ImagePull in app');
  });
});

describe('judgePods, about configuration', () => {
  const key = waitingFor(
    'CreateContainerConfigError',
    "couldn't find key LOG_LEVEL in ConfigMap shop/web-config",
  );
  const object = waitingFor('CreateContainerConfigError', 'secret "web-secret" not found');
  const volumes = { volumes: [{ name: 'config', configMap: { name: 'web-config' } }] };
  const mount = (said: string) =>
    event('FailedMount', `MountVolume.SetUp failed for volume "config" : ${said}`);

  test.each<readonly [name: string, app: ContainerState, more: Partial<PodsSeen>, expected: string]>([
    ['gives up a missing key', key, { existing: ['ConfigMap/web-config'] }, 'failed MissingConfig in app'],
    ['gives up a missing object', object, { existing: [] }, 'failed MissingConfig in app'],
    [
      'gives the generator of a missing object a grace',
      object,
      { generated: ['Secret/web-secret'] },
      'waiting CreateContainerConfigError for 60 s',
    ],
    [
      'gives the generator of a missing key a grace',
      key,
      { generated: ['ConfigMap/web-config'] },
      'waiting CreateContainerConfigError for 60 s',
    ],
    [
      'waits for the kubelet to see an object that exists by now',
      object,
      { existing: ['Secret/web-secret'] },
      'waiting CreateContainerConfigError',
    ],
    [
      'does not take a ConfigMap for a Secret of the same name',
      object,
      { generated: ['ConfigMap/web-secret'] },
      'failed MissingConfig in app',
    ],
    [
      'waits for a cache of the kubelet',
      waitingFor(
        'CreateContainerConfigError',
        'failed to sync configmap cache: timed out waiting for the condition',
      ),
      {},
      'waiting CreateContainerConfigError',
    ],
    [
      'waits for the kubelet to read services',
      waitingFor(
        'CreateContainerConfigError',
        'services have not yet been read at least once, cannot construct envvars',
      ),
      {},
      'waiting CreateContainerConfigError',
    ],
    [
      'gives an unknown configuration error a grace',
      waitingFor('CreateContainerConfigError', 'failed to prepare subPath'),
      {},
      'waiting CreateContainerConfigError for 60 s',
    ],
  ])('%s', (_name, app, more, expected) => {
    expect(brief(look([pod({ app })], more))).toBe(expected);
  });

  test.each<readonly [name: string, said: string, more: Partial<PodsSeen>, expected: string]>([
    [
      'gives up a volume whose ConfigMap is missing',
      'configmap "web-config" not found',
      {},
      'failed MissingConfig in Pod web-canary-a',
    ],
    [
      'gives up a volume whose key is missing',
      'configmap references non-existent config key: app.yaml',
      {},
      'failed MissingConfig in Pod web-canary-a',
    ],
    [
      'gives the generator of a volume a grace',
      'configmap "web-config" not found',
      { generated: ['ConfigMap/web-config'] },
      'waiting FailedMount for 60 s',
    ],
    [
      'gives the generator of a volume with a missing key a grace',
      'configmap references non-existent config key: app.yaml',
      { generated: ['ConfigMap/web-config'] },
      'waiting FailedMount for 60 s',
    ],
    [
      'reads a list of projected sources',
      '[configmap "web-config" not found, secret "web-secret" not found]',
      {},
      'failed MissingConfig in Pod web-canary-a',
    ],
    [
      'waits for a cache of the kubelet at a mount',
      'failed to sync configmap cache: timed out waiting for the condition',
      {},
      'waiting FailedMount',
    ],
    [
      'waits for other trouble with a mount',
      'rpc error: code = Internal desc = mount failed: exit status 32',
      {},
      'waiting FailedMount',
    ],
  ])('%s', (_name, said, more, expected) => {
    expect(brief(look([creating({ spec: volumes })], { events: [mount(said)], ...more }))).toBe(expected);
  });

  test('forgets a failed mount once the kubelet is past it', () => {
    const events = [
      mount('configmap "web-config" not found'),
      event('Pulling', `Pulling image "${IMAGE}"`, 2),
    ];
    expect(brief(look([creating({ spec: volumes })], { events }))).toBe('waiting ContainerCreating');
  });

  test('forgets a failed mount once the sandbox is ready', () => {
    const conditions = [{ type: 'PodReadyToStartContainers', status: 'True' }];
    const events = [mount('configmap "web-config" not found')];
    expect(brief(look([creating({ spec: volumes, conditions })], { events }))).toBe(
      'waiting ContainerCreating',
    );
  });

  test('does not mix up the events of two pods', () => {
    const pods = [creating({ spec: volumes, name: 'web-canary-b' })];
    expect(brief(look(pods, { events: [mount('configmap "web-config" not found')] }))).toBe(
      'waiting ContainerCreating',
    );
  });
});

describe('judgePods, when stable fails too', () => {
  test.each<readonly [name: string, app: ContainerState, code: FailureCode | undefined]>([
    ['holds a crash', LOOPING, undefined],
    [
      'holds missing configuration',
      waitingFor('CreateContainerConfigError', 'secret "web-secret" not found'),
      undefined,
    ],
    ['does not hold an image that is not there', waitingFor('ErrImagePull', NOT_FOUND), 'ImagePull'],
    ['does not hold an image name that cannot be parsed', waitingFor('InvalidImageName'), 'InvalidImage'],
  ])('%s', (_name, app, code) => {
    const verdict = look([pod({ app })], { stableAlsoFails: true });
    expect(verdict).toMatchObject(
      code === undefined ? { kind: 'waiting', reason: 'StableFailsToo' } : { kind: 'failed', code },
    );
  });
});

describe('the sentence of a verdict', () => {
  test('says what, where, the words of the kubelet and what to do', () => {
    const app = waitingFor('ErrImagePull', NOT_FOUND);
    const pods = ['a', 'b', 'c'].map((letter) => pod({ name: `web-canary-${letter}`, app }));
    expect(look(pods)).toMatchObject({
      kind: 'failed',
      code: 'ImagePull',
      object: 'Pod web-canary-a',
      pod: 'web-canary-a',
      container: 'app',
      reason: 'ErrImagePull',
      message: NOT_FOUND,
      sentence:
        `Pod web-canary-a, container app (and 2 more): image ${IMAGE} does not exist. ` +
        `The kubelet says: ${NOT_FOUND}. Push it, or correct the name in Git.`,
    });
  });

  test('names the exit code and the probe of a crash, and not what the process wrote', () => {
    const events = [event('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500')];
    const verdict = look([pod({ app: LOOPING })], { events });
    expect(verdict).toMatchObject({
      sentence:
        `Pod web-canary-a, container app: ${IMAGE} keeps ending, 1 restart. The kubelet says: back-off 10s restarting failed ` +
        'container=app pod=web-canary-a_shop(uid); last exit code 1 (Error); Liveness probe failed: HTTP probe failed with ' +
        'statuscode: 500. Read why it ends: kubectl logs --previous.',
    });
    expect(JSON.stringify(verdict)).not.toContain('hunter2');
  });

  test('names the limit that a killed container had', () => {
    const app = { ...LOOPING, last: { exitCode: 137, reason: 'OOMKilled' } };
    expect(look([pod({ app, memory: '64Mi' })])).toMatchObject({
      sentence: expect.stringContaining('was killed for lack of memory (limit 64Mi), 1 restart') as string,
    });
  });

  test('leaves out what the command of a probe printed', () => {
    const events = [event('Unhealthy', 'Readiness probe failed: token=s3cret is refused')];
    expect(look([pod({ app: { ready: false } })], { events })).toMatchObject({
      kind: 'waiting',
      message: 'Pod web-canary-a: Readiness probe failed',
    });
  });

  test('leaves out credentials in addresses and what a hook printed', () => {
    const url = 'https://bucket.example.com/layer?X-Amz-Signature=abc';
    const hook = `Exec lifecycle hook ([/warm]) failed - error: exit 1, message: "token=abc"`;
    const texts = [
      waitingFor('ErrImagePull', `not found: ${url} https://user:abc@registry.example.com/v2`),
      waitingFor('PostStartHookError', hook),
    ];
    for (const app of texts) expect(JSON.stringify(look([pod({ app })]))).not.toContain('abc');
  });

  test('prefers what only the new version can have caused', () => {
    const pods = [
      pod({ app: LOOPING }),
      pod({ name: 'web-canary-b', app: waitingFor('ErrImagePull', NOT_FOUND) }),
    ];
    expect(look(pods)).toMatchObject({ code: 'ImagePull', pod: 'web-canary-b' });
  });
});
