import { ApplicationFailure } from '@temporalio/common';
import { baseKinds } from '../../src/domain/watched-kinds';
import {
  announceSignal,
  clusterObserverId,
  forgetSignal,
  lookSignal,
  type ObserveRepositoryInput,
  repositoryObserverId,
  watchKindsSignal,
  watchSignal,
} from '../../src/messages/observer';
import { workflowQueue } from '../../src/messages/queues';
import type { Kind } from '../../src/ports/cluster';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { untilCancelled } from '../support/workflow-fakes';

const watched: ObserveRepositoryInput[] = [];
/** When each was begun, by this machine's clock. */
const begun: number[] = [];
const looks: string[] = [];
let failures = 0;
let dying = 0;
let environment: WorkflowEnvironment;

beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    observed: ['c1', 'c2', 'c3'],
    observe: {
      observeRepository: async (input) => {
        watched.push(input);
        begun.push(Date.now());
        if (dying === 0) return untilCancelled();
        dying -= 1;
        // As one whose worker is killed when it is cancelled: it does not end by its cancellation, and is not tried again.
        return untilCancelled().catch(() => {
          throw ApplicationFailure.nonRetryable('its worker is gone');
        });
      },
      observeCluster: async ({ cluster, kinds = [], turn }) => {
        looks.push(
          `${cluster} ${turn}: ${kinds
            .slice(baseKinds.length)
            .map(({ kind }) => kind)
            .join('+')}`,
        );
        if (failures > 0) {
          failures -= 1;
          throw ApplicationFailure.retryable('the API server does not answer', 'Unreachable');
        }
        return untilCancelled();
      },
    },
  });
});
afterAll(() => environment.stop());
beforeEach(() => {
  watched.length = 0;
  begun.length = 0;
  looks.length = 0;
  failures = 0;
});

const web = { application: 'web', targetRevision: 'main' };
const api = { application: 'api', targetRevision: 'v1.2' };

async function watch(repoUrl: string, ...added: readonly (typeof web)[]) {
  return environment.client.signalWithStart('repositoryObserver', {
    workflowId: repositoryObserverId(repoUrl),
    taskQueue: workflowQueue,
    args: [{ repoUrl, watched: [] }],
    signal: watchSignal,
    signalArgs: [added.length === 0 ? [web] : added],
  });
}

/** Applications of the watching activities so far. */
function watches(): readonly string[] {
  return watched.map((each) => each.watched.map(({ application }) => application).join('+'));
}

describe('the observer of a repository', () => {
  test('watches anew whenever an application comes or goes, and ends when nobody is left', async () => {
    const handle = await watch('https://git.example/one.git');
    await eventually(watches, (all) => all.length === 1);
    await watch('https://git.example/one.git', api);
    await eventually(watches, (all) => all.length === 2);
    await handle.signal(forgetSignal, { application: 'web' });
    await eventually(watches, (all) => all.length === 3);
    expect(watches()).toEqual(['web', 'web+api', 'api']);
    await handle.signal(forgetSignal, { application: 'api' });
    await handle.result();
    await record('come-and-go', handle);
  });

  test('goes on when the worker dies that is to stop watching', async () => {
    dying = 1;
    const url = 'https://git.example/dying.git';
    const handle = await watch(url);
    await eventually(watches, (all) => all.length === 1);
    await watch(url, api);
    await eventually(watches, (all) => all.length === 2);
    expect(watches()).toEqual(['web', 'web+api']);
    for (const { application } of [web, api]) await handle.signal(forgetSignal, { application });
    await handle.result();
  });

  test('watches an application once, at the reference that it named last', async () => {
    const handle = await watch('https://git.example/two.git');
    await watch('https://git.example/two.git', { ...web, targetRevision: 'release' });
    const last = await eventually(
      () => watched.at(-1),
      (input) => input?.watched[0]?.targetRevision === 'release',
    );
    expect(last?.watched.map(({ freshIn: _, ...each }) => each)).toEqual([
      { application: 'web', targetRevision: 'release' },
    ]);
    await handle.signal(forgetSignal, { application: 'web' });
    await handle.result();
  });

  test('takes hundreds that register at once in a few turns, each told as one that is fresh', async () => {
    const repoUrl = 'https://git.example/many.git';
    const names = Array.from({ length: 400 }, (_, index) => `app-${index}`);
    const from = Date.now();
    for (const name of names) await watch(repoUrl, { ...web, application: name });
    const handle = await watch(repoUrl, api);
    const last = await eventually(
      () => watched.at(-1),
      (input) => input?.watched.length === 401,
    );
    expect(watched.length).toBeLessThanOrEqual((Date.now() - from) / 900 + 2);
    const told = watched.flatMap(({ watched: each, turn }) => each.filter(({ freshIn }) => freshIn === turn));
    expect(told.map(({ application }) => application)).toEqual([...names, 'api']);
    expect(JSON.stringify(last).length).toBeLessThan(64 * 1024);
    for (const application of [...names, 'api']) await handle.signal(forgetSignal, { application });
    await handle.result();
  });

  test('is one for all spellings of a repository', () => {
    expect(repositoryObserverId('git@git.example:one.git')).toBe(
      repositoryObserverId('https://git.example/one'),
    );
  });

  test('ends when no application registers', async () => {
    const repoUrl = 'https://git.example/three.git';
    const handle = await environment.client.start('repositoryObserver', {
      workflowId: repositoryObserverId(repoUrl),
      taskQueue: workflowQueue,
      args: [{ repoUrl, watched: [] }],
    });
    await handle.result();
    expect(watched).toEqual([]);
  });

  test('says in current details what it watches', async () => {
    const handle = await watch('https://git.example/four.git');
    await eventually(watches, (all) => all.length === 1);
    const metadata: { currentDetails?: string } = await handle.query('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toBe('asking https://git.example/four.git for main (web)');
    await handle.signal(forgetSignal, { application: 'web' });
    await handle.result();
  });
});

describe('a hint to the observer of a repository', () => {
  const end = async (handle: Awaited<ReturnType<typeof watch>>): Promise<void> => {
    for (const application of ['web', 'api']) await handle.signal(forgetSignal, { application });
    await handle.result();
  };
  const untilWatched = (times: number) => eventually(watches, (all) => all.length === times);

  test('has the repository asked at once, whatever it says or does not say about refs', async () => {
    const handle = await watch('https://git.example/five.git');
    await untilWatched(1);
    await handle.signal(lookSignal);
    await untilWatched(2);
    await handle.signal(lookSignal, { refs: ['refs/tags/v1', 'refs/heads/main'], defaultBranch: 'main' });
    await untilWatched(3);
    await record('look', handle);
    await end(handle);
  });

  test('asks nothing when no application follows the ref that has changed', async () => {
    const handle = await watch('https://git.example/six.git');
    await untilWatched(1);
    await watch('https://git.example/six.git', api);
    await untilWatched(2);
    await handle.signal(lookSignal, { refs: ['refs/heads/feature', 'refs/heads/v1.2'] });
    await handle.signal(lookSignal, { refs: ['refs/tags/v1.3'] });
    await handle.query('__temporal_workflow_metadata');
    await handle.signal(lookSignal, { refs: ['refs/tags/v1.2'] });
    await untilWatched(3);
    const { events = [] } = await handle.fetchHistory();
    expect(events?.filter((each) => each.activityTaskCancelRequestedEventAttributes)).toHaveLength(2);
    await end(handle);
  });

  test('that comes a thousand times has it asked once a second, and after the last one', async () => {
    const handle = await watch('https://git.example/seven.git');
    await untilWatched(1);
    const from = Date.now();
    for (let sent = 0; sent < 1_000; sent += 50)
      await Promise.all(Array.from({ length: 50 }, () => handle.signal(lookSignal)));
    const last = Date.now();
    await handle.signal(lookSignal);
    await eventually(
      () => begun.at(-1) ?? 0,
      (at) => at >= last,
    );
    // The clock of the server and this one may differ by a little.
    expect(watched.length).toBeLessThanOrEqual((Date.now() - from) / 900 + 2);
    expect((await handle.fetchHistory()).events?.length).toBeLessThan(8_000);
    await end(handle);
  });
});

describe('the observer of a cluster', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job' };
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  async function watchKinds(cluster: string, ...kinds: readonly Kind[]) {
    return environment.client.signalWithStart('observer', {
      workflowId: clusterObserverId(cluster),
      taskQueue: workflowQueue,
      args: [{ cluster }],
      signal: watchKindsSignal,
      signalArgs: [kinds],
    });
  }
  const untilLooked = (times: number) =>
    eventually(
      () => looks,
      (all) => all.length === times,
    );

  test('holds one watching activity, which is tried again when the cluster does not answer', async () => {
    failures = 2;
    const handle = await watchKinds('c1');
    await untilLooked(3);
    expect(looks).toEqual(['c1 0: ', 'c1 0: ', 'c1 0: ']);
    await environment.terminate(handle);
  });

  test('watches anew when an application tells kinds that are new, and only then', async () => {
    const handle = await watchKinds('c2', job);
    await untilLooked(1);
    await watchKinds('c2', job, { apiVersion: 'apps/v1', kind: 'Deployment' });
    await watchKinds('c2', claim);
    await untilLooked(2);
    await watchKinds('c2', claim, { apiVersion: 'batch/v1beta1', kind: 'Job' });
    const metadata: { currentDetails?: string } = await handle.query('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toMatch(
      /^watching cluster c2 for changes.*Deployment.*Job, PersistentVolumeClaim$/,
    );
    expect(looks).toEqual(['c2 0: Job', 'c2 1: Job+PersistentVolumeClaim']);
    await record('kinds', handle);
    await environment.terminate(handle);
  });

  test('keeps what its workers call the cluster, where every worker can find it', async () => {
    const announce = (names: readonly string[]) =>
      environment.client.signalWithStart('observer', {
        workflowId: clusterObserverId('c3'),
        taskQueue: workflowQueue,
        args: [{ cluster: 'c3' }],
        signal: announceSignal,
        signalArgs: [{ server: 'https://c3', names }],
      });
    const handle = await announce(['staging']);
    await announce(['staging', 'test']);
    await eventually(
      async () => (await handle.describe()).memo?.['announced'],
      (announced) => JSON.stringify(announced) === '{"server":"https://c3","names":["staging","test"]}',
    );
    await environment.terminate(handle);
  });
});
