import type { ApplicationStatus } from '../../src/domain/application-status';
import type { InPlaceKind, InPlaceObject } from '../../src/domain/in-place-view';
import type { KubeObject } from '../../src/domain/kube-object';
import type { WorkerProcess } from '../../tools/local/worker';
import { imageOf } from '../support/cluster-recorder';
import { deliveredFrom, isSettledAt, reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { inPlaceFiles, type InPlaceVersion } from '../support/in-place-files';
import { concurrentStories } from '../support/stories';
import { until } from '../support/until';

let env: Environment;
let worker: WorkerProcess;

const path = 'k8s';
const steps = '[{setWeight: 25}, {pause: {duration: 300ms}}, {setWeight: 50}, {setWeight: 100}]';
const held = '[{setWeight: 25}, {pause: {}}, {setWeight: 100}]';

/** An application of one StatefulSet or DaemonSet `db`, on 4 pods or on every node. */
interface Place {
  readonly name: string;
  readonly repo: BareRepo;
  push(version: InPlaceVersion): Promise<string>;
  waitFor(what: string, fits: (status: ApplicationStatus) => boolean): Promise<ApplicationStatus>;
  settled(revision: string): Promise<ApplicationStatus>;
  pods(): Promise<readonly KubeObject[]>;
  images(): Promise<readonly string[]>;
  workload(): Promise<InPlaceObject | undefined>;
}

async function openPlace(name: string, kind: InPlaceKind): Promise<Place> {
  const repo = await createBareRepo();
  const spec = deliveredFrom(repo, name, path);
  const place: Place = {
    name,
    repo,
    push(version) {
      const files = Object.entries(
        inPlaceFiles(kind, { steps, config: 'hello', more: 'revisionHistoryLimit: 5', ...version }),
      );
      const inPath = Object.fromEntries(files.map(([file, text]) => [`${path}/${file}`, text]));
      return commitFiles(repo, inPath, { message: `Deploy ${version.image ?? 'v1'}` });
    },
    async waitFor(what, fits) {
      let last: ApplicationStatus | undefined;
      return until(
        what,
        async () => {
          last = await env.client.applicationStatus(name).catch(() => undefined);
          return last !== undefined && fits(last) ? last : undefined;
        },
        150_000,
      ).catch(async (error: unknown) => {
        const rollout = await env.client.rolloutStatus(name).catch(() => undefined);
        throw new Error(
          `${String(error)}; last seen: ${JSON.stringify([
            { ...last, spec: undefined },
            { ...rollout, spec: undefined },
          ])}`,
        );
      });
    },
    settled: (revision) => place.waitFor(`${revision.slice(0, 12)} is synced`, isSettledAt(revision)),
    async pods() {
      const pods = await env.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: name });
      const key = (pod: KubeObject): string =>
        kind === 'StatefulSet' ? pod.metadata.name : ((pod['spec'] as { nodeName?: string }).nodeName ?? '');
      return pods.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    },
    images: async () => (await place.pods()).map(imageOf),
    workload: async () =>
      (await env.kube.get({ apiVersion: 'apps/v1', kind, namespace: name, name: 'db' })) as
        InPlaceObject | undefined,
  };
  const first = await place.push({});
  await env.client.createApplication(spec);
  await place.settled(first);
  return place;
}

async function atPause(place: Place): Promise<void> {
  await until('it pauses at 25', async () => {
    const status = await env.client.rolloutStatus(place.name).catch(() => undefined);
    return status?.phase === 'Paused' && status.weight === 25 && status.outcome === undefined;
  });
}

/** Which of the pods are left as they were. */
async function untouched(place: Place, before: readonly KubeObject[]): Promise<readonly boolean[]> {
  const now = new Set((await place.pods()).map((pod) => pod.metadata.uid));
  return before.map((pod) => now.has(pod.metadata.uid));
}

function story(kind: InPlaceKind) {
  const size = kind === 'StatefulSet' ? 4 : 3;
  const all = (image: string): readonly string[] => Array<string>(size).fill(image);
  const named = (name: string): string => `${name}-${kind.toLowerCase()}`;
  /** Which pod 25 % is: the highest ordinal, or the first node. */
  const quarter = (touched: string, others: string): readonly string[] =>
    all(others).map((image, index) => (index === (kind === 'StatefulSet' ? size - 1 : 0) ? touched : image));
  return {
    [`a good version of a ${kind} goes out by its steps`]: async () => {
      const place = await openPlace(named('good'), kind);
      const { updateStrategy } = (await place.workload())?.spec ?? {};
      const status = await place.settled(await place.push({ image: 'v2', config: 'servus' }));
      expect(status.state.workloads['db']?.rolloutId).toMatch(/^r2-/);
      expect(await place.images()).toEqual(all('v2'));
      expect((await place.workload())?.spec.updateStrategy).toEqual(updateStrategy);
      const rollout = await env.client.rolloutStatus(place.name);
      expect(rollout.steps.map((each) => each.mark)).toEqual(['done', 'done', 'done', 'done']);
      expect(rollout.outcome).toEqual({ kind: 'promoted', way: 'inPlace' });
    },

    [`a broken version of a ${kind} touches one pod, and Git goes back by one commit`]: async () => {
      const place = await openPlace(named('broken'), kind);
      const good = await place.push({ image: 'v2' });
      await place.settled(good);
      const before = await place.pods();
      const bad = await place.push({ image: 'v3-broken', config: 'servus' });
      await reverted(place, bad);
      expect(await place.images()).toEqual(all('v2'));
      expect(await untouched(place, before)).toEqual(quarter('no', 'yes').map((each) => each === 'yes'));
      expect(await place.repo.git('rev-parse', `main:${path}`)).toBe(
        await place.repo.git('rev-parse', `${good}:${path}`),
      );
    },

    [`an abort of a ${kind} at a pause takes the new pods back`]: async () => {
      const place = await openPlace(named('abort'), kind);
      const bad = await place.push({ image: 'v2', steps: held });
      await atPause(place);
      expect(await place.images()).toEqual(quarter('v2', 'v1'));
      await env.client.abort(place.name, { reason: 'the test' });
      await reverted(place, bad);
      expect(await place.images()).toEqual(all('v1'));
    },

    [`what somebody does to a ${kind} is healed, and a rollout is not disturbed`]: async () => {
      const place = await openPlace(named('heal'), kind);
      const revision = await place.push({ image: 'v2', steps: held });
      await atPause(place);
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: place.name, name: 'db-config' };
      await env.kube.patch(ref, { data: { GREETING: 'changed' } }, { manager: 'kubectl-edit' });
      await env.client.promote(place.name);
      await place.settled(revision);
      expect(await place.images()).toEqual(all('v2'));
      const workload = { apiVersion: 'apps/v1', kind, namespace: place.name, name: 'db' };
      await env.kube.patch(workload, { spec: { revisionHistoryLimit: 3 } }, { manager: 'kubectl-edit' });
      await until(
        'it is healed',
        async () => (await place.workload())?.spec['revisionHistoryLimit' as never] === 5,
      );
      expect(await place.images()).toEqual(all('v2'));
    },
  };
}

const stories = concurrentStories({ ...story('StatefulSet'), ...story('DaemonSet') });

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  stories.begin();
}, 180_000);
afterAll(() => env.stop());

describe('pods that are replaced in place', () => {
  stories.defineTests(180_000);
});

describe('a worker that is killed in the middle', () => {
  it.each<InPlaceKind>(['StatefulSet', 'DaemonSet'])(
    'of a %s’s step leaves it to the next one',
    async (kind) => {
      const place = await openPlace(`killed-${kind.toLowerCase()}`, kind);
      const good = await place.push({ image: 'v2', behavior: 'slow-ready' });
      await until('the first pod has gone', async () => (await place.images()).includes('v2'));
      worker.kill('SIGKILL');
      worker = await env.startWorker();
      await place.settled(good);
      expect(new Set(await place.images())).toEqual(new Set(['v2']));
      const bad = await place.push({ image: 'v3-broken' });
      await until('a broken pod is there', async () => (await place.images()).includes('v3-broken'));
      worker.kill('SIGKILL');
      worker = await env.startWorker();
      await reverted(place, bad);
      expect(new Set(await place.images())).toEqual(new Set(['v2']));
    },
    400_000,
  );
});
