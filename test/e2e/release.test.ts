import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseState } from '../../src/domain/release/state';
import { manifestsOf } from '../../tools/local/many-services';
import type { WorkerProcess } from '../../tools/local/worker';
import { startEnvironment, type Environment } from '../support/environment';
import { brings } from '../../tools/local/releases';
import { commitFiles, createBareRepo } from '../support/git-repo';
import { openReleaseShop, type ReleaseShop } from '../support/release-shop';
import { runBelay } from '../support/run-belay';

let env: Environment;
let worker: WorkerProcess;
let shop: ReleaseShop;

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  shop = await openReleaseShop(env, { release: 'shop', services: 6, waves: 3 });
}, 240_000);
afterAll(async () => {
  await shop.close();
  await env.stop();
});

async function killed(): Promise<void> {
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker();
}

/** What a release tells its members once all traffic is back. */
const beyondTraffic: readonly string[] = ['restore', 'settle', 'free'];

/** All members are at `tag` again: in the cluster, for users, and in Git by one commit. */
async function expectBack(release: ReleaseState, { bad, tag }: { bad: string; tag: string }): Promise<void> {
  expect(release).toMatchObject({ phase: 'Degraded', verdict: { kind: 'failed', member: 'service-05' } });
  expect(Object.values(release.members).map(({ stage }) => stage)).toEqual(shop.names.map(() => 'settled'));
  expect((await shop.deployed()).toSorted()).toEqual(shop.names.map((name) => `${name}:${tag}`));
  expect([...shop.traffic.now()].flatMap(([, tags]) => [...tags])).toEqual(shop.names.map(() => tag));
  expect(await shop.repo.git('rev-list', '--count', `${bad}..main`)).toBe('1');
  expect(await shop.repo.git('rev-parse', 'main^{tree}')).toBe(
    await shop.repo.git('rev-parse', `${bad}^^{tree}`),
  );
  const trailer = await shop.repo.git(
    'log',
    '-1',
    '--format=%(trailers:key=Belay-Release,valueonly)',
    'main',
  );
  expect(trailer.trim()).toMatch(/^release\/shop\/\d+$|^shop/);
}

function expectNothingLost(): void {
  const lost = shop.names.filter((name) => shop.traffic.lowest(name) < 2);
  expect(lost).toEqual([]);
}

test('a good commit goes out wave after wave, and nobody loses an endpoint', async () => {
  shop.traffic.mark();
  const revision = await shop.push('v2');
  const release = await shop.ended(revision);
  expect(release).toMatchObject({ phase: 'Healthy' });
  expect((await shop.deployed()).toSorted()).toEqual(shop.names.map((name) => `${name}:v2`));
  const first = (name: string): number =>
    Math.min(
      ...[...shop.traffic.pods.values()]
        .filter(({ pod, version }) => version === 'v2' && pod.metadata.labels?.['app'] === name)
        .map(({ seenAt }) => seenAt),
    );
  const begun = shop.services.waves.map((names) => names.map(first));
  expect(Math.max(...(begun[0] ?? []))).toBeLessThan(Math.min(...(begun[1] ?? [])));
  expect(Math.max(...(begun[1] ?? []))).toBeLessThan(Math.min(...(begun[2] ?? [])));
  expectNothingLost();
}, 120_000);

test('when the last one fails, all have their traffic back within 5 s, and Git by one commit', async () => {
  shop.traffic.mark();
  const bad = await shop.push('v3', 'service-05');
  const release = await shop.ended(bad);
  await expectBack(release, { bad, tag: 'v2' });
  expect((shop.traffic.freeOf('v3') ?? Infinity) - (release.verdict?.at ?? 0)).toBeLessThan(5_000);
  expectNothingLost();
}, 120_000);

test('a worker killed again and again changes nothing of that', async () => {
  const bad = await shop.push('v4', 'service-05');
  const its = (fits: (release: ReleaseState) => boolean) => (release: ReleaseState) =>
    brings(release, bad) && fits(release);
  await shop.release(
    'the second wave is under way',
    its(({ members }) => members['service-02']?.want !== undefined),
  );
  await killed();
  await shop.release(
    'it goes back',
    its(({ verdict }) => verdict !== undefined),
  );
  await killed();
  await shop.release(
    'objects go back',
    its(({ members }) => Object.values(members).some(({ want = '' }) => beyondTraffic.includes(want))),
  );
  await killed();
  await expectBack(await shop.ended(bad), { bad, tag: 'v2' });
}, 180_000);

test('the applications of an app of apps are added, and come out as one release in the order of their waves', async () => {
  const repo = await createBareRepo();
  const dir = mkdtempSync(join(tmpdir(), 'belay-parent-'));
  const pair = { release: 'pair', waves: [['base'], ['front']] };
  const application = (name: string, path: string, wave = 0): string =>
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}
spec:
  project: default
  source: {repoURL: ${repo.dir}, path: ${path}, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: pair}
  syncPolicy: {automated: {prune: true, selfHeal: true}, syncOptions: [CreateNamespace=true]}
`;
  const children = {
    'apps/base.yaml': application('base', 'base', 1),
    'apps/front.yaml': application('front', 'front', 2),
  };
  const parent = join(dir, 'parent.yaml');
  try {
    await commitFiles(repo, { ...manifestsOf(pair, 'v1'), ...children }, { message: 'Ship v1' });
    writeFileSync(parent, application('pair', 'apps'));
    const created = await runBelay(env.temporal.address, [
      'app',
      'create',
      '-f',
      parent,
      '--children',
      '--wait',
    ]);
    expect(created.out).toContain('pair: 2 applications at ');
    expect(created.code).toBe(0);
    const names = (await env.client.listApplications()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['base', 'front']) as string[]);
    expect(names).not.toContain('pair');
    const next = await commitFiles(repo, manifestsOf(pair, 'v2'), { message: 'Ship v2' });
    const args = ['release', 'status', 'pair', '--wait', '--revision', next, '--timeout', '90s'];
    expect(await runBelay(env.temporal.address, args)).toMatchObject({ code: 0 });
    const { release } = await env.client.releases.status('pair');
    expect(release).toMatchObject({ phase: 'Healthy', spec: { members: [{ wave: 1 }, { wave: 2 }] } });
  } finally {
    rmSync(dir, { recursive: true, force: true });
    await repo.remove();
  }
}, 180_000);
