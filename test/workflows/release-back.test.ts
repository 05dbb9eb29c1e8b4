import { releaseId } from '../../src/messages/release';
import { memberOf, restoreOf, ReleaseLab } from '../support/release-lab';
import { ReleaseScene } from '../support/release-scene';
import { heardQuery } from '../support/release-bundle';
import { revisionOf } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';

let lab: ReleaseLab;
let scene: ReleaseScene;
beforeAll(async () => {
  lab = await ReleaseLab.start();
}, 120_000);
afterAll(() => lab.stop());
beforeEach(() => {
  scene = new ReleaseScene(lab);
});
jest.setTimeout(180_000);

const hour = 3_600_000;

test('the last wave fails: traffic of all goes back first, then objects in reverse waves, then Git once', async () => {
  await scene.answering({ application: scene.app('web'), answers: { deliver: 'failed' } });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  const failure = lines.indexOf('web: failed');
  expect(lines.slice(failure + 1, failure + 4)).toEqual(['back db', 'back api', 'back web']);
  const back = lines.slice(failure + 4).filter((line) => !/^free|^web: failed/.test(line));
  expect(back.slice(0, 2).toSorted()).toEqual(['api: trafficBack', 'db: trafficBack']);
  expect(back.slice(2, 9)).toEqual([
    ...['restore web', 'web: restored', 'restore api', 'api: restored', 'restore db', 'db: restored'],
    'git',
  ]);
  expect(back.slice(9, 12)).toEqual(['settle db', 'settle api', 'settle web']);
  expect(lines).not.toContain('commit db');
  const [asked] = lab.asked;
  expect(lab.asked).toHaveLength(1);
  expect(asked?.request).toMatchObject({
    paths: ['db', 'api', 'web'].map((each) => `k8s/${scene.app(each)}`),
    goodRevision: revisionOf('v1'),
    badRevision: revisionOf('v2'),
    trailers: { 'Belay-Release': releaseId(scene.name, 1), 'Belay-Reason': 'CrashLoop' },
  });
  expect(asked?.request.subject).toContain(`${scene.app('web')} failed`.slice(0, 5));
  const heard = await lab.client.getHandle(`app/${scene.app('db')}`).query(heardQuery);
  expect(heard.find(({ want }) => want === 'settle')?.revision).toBe(revisionOf('revert'));
  await record('failed', handle);
});

test('members that have not begun go back too, so that Git is one commit for all of them', async () => {
  await scene.answering({ application: scene.app('db'), answers: { deliver: 'failed' } });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines).not.toContain('deliver web');
  expect(lines).toEqual(expect.arrayContaining(['back web', 'restore web', 'settle web']));
  expect(lab.asked.map(({ request }) => request.paths)).toEqual([
    [`k8s/${scene.app('db')}`, `k8s/${scene.app('api')}`, `k8s/${scene.app('web')}`],
  ]);
});

test('two repositories get a commit each, after the last object is back', async () => {
  const elsewhere = {
    repoUrl: 'https://git.example/infra.git',
    good: revisionOf('i1'),
    bad: revisionOf('i2'),
  };
  await scene.answering(
    { application: scene.app('db'), restores: [restoreOf(scene.app('db'), elsewhere)] },
    { application: scene.app('web'), answers: { deliver: 'failed' } },
  );
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines.filter((line) => line === 'git')).toHaveLength(2);
  expect(lines.indexOf('git')).toBeGreaterThan(lines.indexOf('db: restored'));
  expect(lab.asked.map(({ request }) => request.repoUrl).toSorted()).toEqual([
    'https://git.example/infra.git',
    'https://git.example/shop.git',
  ]);
});

test('policy dependents: what does not depend on the failed one stays, and adopts the new version', async () => {
  const members = [
    memberOf(scene.app('db')),
    memberOf(scene.app('api')),
    memberOf(scene.app('web'), scene.app('api')),
  ];
  await scene.answering({ application: scene.app('api'), answers: { deliver: 'failed' } });
  const handle = await lab.release(scene.name, members, { rollback: 'dependents' });
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines).toEqual(expect.arrayContaining(['back api', 'back web', 'commit db', 'settle api']));
  expect(lines).not.toContain('back db');
  expect(lines.indexOf('git')).toBeGreaterThan(lines.indexOf('db: committed'));
  expect(lab.asked.map(({ request }) => request.paths)).toEqual([
    [`k8s/${scene.app('api')}`, `k8s/${scene.app('web')}`],
  ]);
});

test('policy failed-only: all that had come out stay, also those that depend on it', async () => {
  await scene.answering({ application: scene.app('db'), failsAfterMs: 60_000 });
  const handle = await lab.release(scene.name, scene.chain(), { rollback: 'failed-only', bakeMs: hour });
  expect(await handle.result()).toBe('Degraded');
  const lines = await scene.story();
  expect(lines).toEqual(expect.arrayContaining(['restore db', 'commit api', 'commit web']));
  expect(lines).not.toContain('back api');
  expect(lab.asked.map(({ request }) => request.paths)).toEqual([[`k8s/${scene.app('db')}`]]);
});

test('a member that fails while all run together takes all of them back', async () => {
  await scene.answering({ application: scene.app('db'), failsAfterMs: 60_000 });
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  expect(await handle.result()).toBe('Degraded');
  expect(await scene.story()).not.toContain('commit web');
});
