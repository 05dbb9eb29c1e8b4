import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { startChaosController } from '../support/chaos-controller';
import { startEnvironment, type Environment } from '../support/environment';
import { launcher, runBelay } from '../support/run-belay';
import { openReleaseShop } from '../support/release-shop';
import { openShop, type Shop } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { until } from '../support/until';

/** Drills as people run them: by the command line, with git, on real parts. */
let env: Environment;

/** Three at a time: a release beside six applications was too much for two cores with other work. */
const stories = concurrentStories(
  {
    'an image that does not exist is taken back, and every promise holds': () => passes('image', 'ImagePull'),
    'a program that crashes is taken back, and every promise holds': () => passes('crash', 'CrashLoop'),
    'a reference to nothing is taken back, and every promise holds': () => passes('config', 'MissingConfig'),
    'a fault that nobody notices is told, ends with 1, and does not stay in Git': unnoticed,
    'the last member of a release fails: all that moved with it come back, by one commit': ofARelease,
    ...experiments(),
    'what a killed drill leaves is taken out by a later one': leftByAKilledDrill,
    'Belay takes back the fault of a killed drill, and then nothing is left': killedAmidARollback,
  },
  3,
);

beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
  stories.begin();
}, 60_000);
afterAll(async () => {
  await env.stop();
});
stories.defineTests(600_000);

/** A fault that this application, which nothing measures, shows to nobody. */
const silent = ['--fault', 'errors', '--set-env', 'FAULT=errors:50'];

function belay(...args: readonly string[]): Promise<{ code: number; out: string }> {
  return runBelay(env.temporal.address, ['drill', ...args]);
}

async function pathTree(shop: Shop): Promise<string> {
  return shop.repo.git('rev-parse', 'main:k8-manifests');
}

async function isQuietAtHead(shop: Shop): Promise<void> {
  await shop.settled(await shop.head(), 180_000);
}

async function passes(fault: string, code: string): Promise<void> {
  const shop = await openShop(env, { name: `drill-${fault}` });
  const [before, good] = [await pathTree(shop), await shop.head()];
  const { code: exit, out } = await belay(shop.name, '--fault', fault, '--yes');
  expect(out).toContain(`${code}: Pod web-canary-`);
  expect(out).toContain(`${shop.name}: all promises held`);
  expect(out).not.toContain('not seen');
  expect(exit).toBe(0);
  expect(await pathTree(shop)).toBe(before);
  expect(await shop.repo.git('rev-list', '--count', `${good}..main`)).toBe('2');
  const deployments = await shop.objects('Deployment');
  expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['web']);
}

async function unnoticed(): Promise<void> {
  const shop = await openShop(env, { name: 'drill-unnoticed' });
  const before = await pathTree(shop);
  const { code, out } = await belay(shop.name, ...silent, '--yes');
  expect(out).toContain('the broken version was promoted: nothing that watches this rollout has noticed');
  expect(out).toMatch(/promises did not hold/);
  expect(code).toBe(1);
  expect(await pathTree(shop)).toBe(before);
  await isQuietAtHead(shop);
}

/** People's own kubectl starts them. */
function experiments(): Readonly<Record<string, () => Promise<void>>> {
  if (spawnSync('kubectl', ['version', '--client']).error === undefined)
    return {
      'an experiment of Chaos Mesh hits the new pods alone: it is taken back, and the experiment is gone':
        anExperiment,
      'an experiment of kinds that the cluster does not have is an error before anything is pushed':
        unknownExperiment,
    };
  console.warn('kubectl is not installed: drills that start experiments are not tested');
  return {};
}

async function experimentOn(shop: Shop, yaml: string, what = ['--fault', 'experiment', '--yes']) {
  const file = join(env.dir, `${shop.name}.yaml`);
  await writeFile(file, yaml);
  const args = ['drill', shop.name, ...what, '--experiment', file];
  const kubeconfig = { KUBECONFIG: env.cluster.kubeconfig };
  return runBelay(env.temporal.address, [...args, '--kube-context', 'belay-local'], kubeconfig);
}

const podFailure = `apiVersion: chaos-mesh.org/v1alpha1
kind: PodChaos
metadata: {name: 'fail-{id}'}
spec:
  action: pod-failure
  mode: all
  duration: 5m
  selector: {annotationSelectors: {belay.dev/drill: '{id}'}}
`;

async function anExperiment(): Promise<void> {
  const steps = '\n      - setWeight: 50\n      - pause: {duration: 120s}';
  const shop = await openShop(env, { name: 'drill-experiment', steps });
  const controller = await startChaosController(env.kube, shop.name);
  const [before, good] = [await pathTree(shop), await shop.head()];
  const { code, out } = await experimentOn(shop, podFailure);
  expect(out).toMatch(/starts PodChaos drill-experiment\/fail-\w+ by kubectl in the context belay-local/);
  expect(out).toContain('CrashLoop: Pod web-canary-');
  expect(out).toContain(`${shop.name}: all promises held`);
  expect(code).toBe(0);
  const id = /drill (\w+)\n/.exec(out)?.[1];
  expect([...controller.seen]).toEqual([
    [`fail-${id}`, { 'belay.dev/drill': id, 'belay.dev/drilled': shop.name }],
  ]);
  expect(await controller.remaining()).toBe(0);
  expect(await pathTree(shop)).toBe(before);
  expect(await shop.repo.git('rev-list', '--count', `${good}..main`)).toBe('2');
  expect(out).not.toContain('an earlier drill');
  await controller.stop();
  await leftInTheCluster(shop);
}

/** Of what lies there, only that with the label of this application's drills is theirs. */
async function leftInTheCluster(shop: Shop): Promise<void> {
  const experiment = (name: string, labels: Readonly<Record<string, string>>) => ({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'PodChaos',
    metadata: { name, namespace: shop.name, labels },
  });
  await env.kube.create(experiment('left', { 'belay.dev/drilled': shop.name }), { manager: 'tests' });
  await env.kube.create(experiment('other', { 'belay.dev/drilled': 'other' }), { manager: 'tests' });
  const { code, out } = await experimentOn(shop, podFailure, ['--clean-up']);
  expect(out).toContain(`${shop.name}: deleted podchaos.chaos-mesh.org/left\n`);
  expect(code).toBe(0);
  const there = await shop.objects('PodChaos', 'chaos-mesh.org/v1alpha1');
  expect(there.map(({ metadata }) => metadata.name)).toEqual(['other']);
}

async function unknownExperiment(): Promise<void> {
  const shop = await openShop(env, { name: 'drill-unknown' });
  const good = await shop.head();
  const { code, out } = await experimentOn(
    shop,
    'apiVersion: litmuschaos.io/v1alpha1\nkind: ChaosEngine\nmetadata: {name: kill}\n',
  );
  expect(out).toMatch(/error: Litmus's kinds are not in this cluster: .*ChaosEngine/);
  expect(code).toBe(1);
  expect(await shop.head()).toBe(good);
}

/** Starts a drill and kills it when its commit is in the repository. */
async function killAfterPush(shop: Shop, ...args: readonly string[]): Promise<string> {
  const before = await shop.head();
  const child = spawn(process.execPath, [launcher, 'drill', shop.name, ...args, '--yes'], {
    env: { ...process.env, TEMPORAL_ADDRESS: env.temporal.address },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await until('the drill has pushed', async () => (await shop.head()) !== before, 60_000);
  child.kill('SIGKILL');
  await exited;
  const pushed = await shop.repo.git('rev-parse', 'main');
  expect(await shop.repo.git('log', '--format=%(trailers:key=Belay-Drill,valueonly)', '-1', pushed)).not.toBe(
    '',
  );
  return pushed;
}

async function leftByAKilledDrill(): Promise<void> {
  const shop = await openShop(env, { name: 'drill-killed' });
  const before = await pathTree(shop);
  const bad = await killAfterPush(shop, ...silent);
  await shop.settled(bad, 180_000);
  const cleaned = await belay(shop.name, '--clean-up');
  expect(cleaned.out).toContain('what drills have left is taken out by');
  expect(cleaned.code).toBe(0);
  expect(await pathTree(shop)).toBe(before);
  await isQuietAtHead(shop);
  expect((await belay(shop.name, '--clean-up')).out).toContain('no drill has left anything');
}

async function killedAmidARollback(): Promise<void> {
  const shop = await openShop(env, { name: 'drill-amid' });
  const before = await pathTree(shop);
  const bad = await killAfterPush(shop, '--fault', 'image');
  await shop.waitFor('Belay has taken it back', ({ state }) => state.lastRevert?.bad === bad, 180_000);
  const cleaned = await belay(shop.name, '--clean-up');
  expect(cleaned).toEqual({ code: 0, out: `${shop.name}: no drill has left anything\n` });
  expect(await pathTree(shop)).toBe(before);
  expect(await shop.repo.git('rev-list', '--count', `${bad}..main`)).toBe('1');
  await isQuietAtHead(shop);
}

async function ofARelease(): Promise<void> {
  const shop = await openReleaseShop(env, { release: 'drilled', services: 4, waves: 2 });
  const [good, tree] = [
    await shop.repo.git('rev-parse', 'main'),
    await shop.repo.git('rev-parse', 'main^{tree}'),
  ];
  const { code, out } = await belay('drilled', '--fault', 'image', '--yes');
  const last = shop.names.at(-1) ?? '';
  expect(out).toContain(`${last}: the broken version is judged bad`);
  for (const name of shop.names) {
    expect(out).toMatch(new RegExp(`✔ ${name}: no request goes to the new version`));
    expect(out).toMatch(new RegExp(`✔ ${name}: the application is Synced and Healthy again`));
  }
  expect(out).toContain('drilled: all promises held');
  expect(code).toBe(0);
  expect(await shop.repo.git('rev-parse', 'main^{tree}')).toBe(tree);
  expect(await shop.repo.git('rev-list', '--count', `${good}..main`)).toBe('2');
  expect((await shop.deployed()).toSorted()).toEqual(shop.names.map((name) => `${name}:v1`).toSorted());
  await shop.close();
}
