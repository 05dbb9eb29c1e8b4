import { abortReleaseSignal, abortReleaseUpdate, memberReportSignal } from '../../src/messages/release';
import { ReleaseLab } from '../support/release-lab';
import { ReleaseScene, whyNot } from '../support/release-scene';
import { revisionOf } from '../support/workflow-fakes';

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
const person = { requestedBy: 'anna', reason: 'lunch' };

test('a member that adopts in vain takes the others back, although they have adopted it', async () => {
  await scene.answering({ application: scene.app('api'), answers: { commit: 'failed' } });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines.indexOf('back db')).toBeGreaterThan(lines.indexOf('commit db'));
  expect(lines).toEqual(expect.arrayContaining(['restore db', 'restore web', 'settle db']));
});

test('an abort takes all back with Git, says who wanted it, and cannot be asked twice', async () => {
  await scene.answering({ application: scene.app('web'), answers: { back: 'ready' } });
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  await lab.reaches(scene.name, ({ phase }) => phase === 'Baking');
  await handle.executeUpdate(abortReleaseUpdate, { args: [person] });
  expect(await whyNot(handle.executeUpdate(abortReleaseUpdate, { args: [person] }))).toBe(
    'it goes back already',
  );
  const status = await lab.status(scene.name);
  expect(status.verdict).toMatchObject({ kind: 'aborted', by: 'anna' });
  // One that does not come back is waited for, and named.
  expect(status.message).toContain(scene.app('web'));
  await handle.signal(memberReportSignal, {
    ...{ application: scene.app('web'), stage: 'trafficBack', message: '', since: 0 },
  });
  expect(await lab.end(handle)).toBe('Degraded');
  expect(lab.asked[0]?.request.trailers['Belay-Reason']).toBe('Aborted');
});

test('a newer commit that is waited for takes it back without Git', async () => {
  await scene.answering();
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  await lab.reaches(scene.name, ({ phase }) => phase === 'Baking');
  await handle.signal(abortReleaseSignal, { requestedBy: 'a newer commit', newer: revisionOf('v3') });
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines).toEqual(expect.arrayContaining(['restore db', 'free db']));
  expect(lines).not.toContain('settle db');
  expect(lab.asked).toEqual([]);
});

test('a request to cancel the workflow is an abort', async () => {
  await scene.answering();
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  await lab.reaches(scene.name, ({ phase }) => phase === 'Baking');
  await handle.cancel();
  expect(await lab.end(handle)).toBe('Degraded');
  expect(lab.asked).toHaveLength(1);
});

test('a member that is deleted in the middle takes the others back, without Git for itself', async () => {
  await scene.answering({ application: scene.app('api'), answers: { deliver: 'gone' } });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Degraded');
  const lines = await scene.story();
  expect(lines).toEqual(expect.arrayContaining(['back db', 'back web', 'restore db']));
  expect(lines).not.toContain('back api');
  expect(lab.asked.map(({ request }) => request.paths)).toEqual([
    [`k8s/${scene.app('db')}`, `k8s/${scene.app('web')}`],
  ]);
});

test.each([
  ['refused', 'Held', 'refused the revert'],
  ['proposed', 'Held', 'waits for a pull request'],
  ['superseded', 'Degraded', 'rolled back'],
] as const)('Git that answers %s: the release ends %s', async (kind, phase, text) => {
  const pullRequest = { number: 7, url: 'https://git.example/shop/pulls/7' };
  lab.answer = () => {
    switch (kind) {
      case 'refused':
        return { kind, problem: { code: 'Forbidden', message: 'protected' } };
      case 'proposed':
        return { kind, revision: revisionOf('p'), head: 'belay/revert/x', pullRequest } as never;
      case 'superseded':
        return { kind, revision: revisionOf('v3') };
    }
  };
  await scene.answering({ application: scene.app('web'), answers: { deliver: 'failed' } });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe(phase);
  expect((await lab.status(scene.name)).message).toContain(text);
  expect(await scene.story()).not.toContain('settle db');
});

test('a member for which Git must not be written holds the release, after everything else is done', async () => {
  await scene.answering(
    { application: scene.app('db'), unwritable: 'v1.2 is not a branch', restores: [] },
    { application: scene.app('web'), answers: { deliver: 'failed' } },
  );
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Held');
  expect((await lab.status(scene.name)).message).toContain(`${scene.app('db')}: v1.2 is not a branch`);
  expect(await scene.story()).toEqual(expect.arrayContaining(['git', 'settle api', 'settle web', 'free db']));
});
