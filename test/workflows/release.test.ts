import { pauseReleaseUpdate, promoteReleaseUpdate, resumeReleaseUpdate } from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import { memberOf, ReleaseLab } from '../support/release-lab';
import { ReleaseScene, whyNot } from '../support/release-scene';
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
const person = { requestedBy: 'anna', reason: 'lunch' };

test('a good release comes out in waves, and no member adopts it before all are ready', async () => {
  await scene.answering();
  const handle = await lab.release(scene.name, scene.chain());
  expect(await lab.end(handle)).toBe('Healthy');
  const lines = await scene.story();
  expect(lines.slice(0, 12)).toEqual([
    ...['deliver db', 'db: delivering', 'db: ready'],
    ...['deliver api', 'api: delivering', 'api: ready'],
    ...['deliver web', 'web: delivering', 'web: ready'],
    ...['commit db', 'commit api', 'commit web'],
  ]);
  expect(lines.slice(12, 15).toSorted()).toEqual(['api: committed', 'db: committed', 'web: committed']);
  expect(lines.slice(15)).toEqual(['free db', 'free api', 'free web']);
  expect(lab.asked).toEqual([]);
  await record('good', handle);
});

test('all run together for as long as was asked before they adopt the new version', async () => {
  await scene.answering();
  const before = await lab.environment.env.currentTimeMs();
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  expect(await handle.result()).toBe('Healthy');
  expect((await lab.environment.env.currentTimeMs()) - before).toBeGreaterThanOrEqual(hour);
});

test('paused, nothing begins and the bake stands still; resumed, it goes on', async () => {
  await scene.answering({ application: scene.app('db'), deliverMs: 60_000 });
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: hour });
  await lab.reaches(scene.name, ({ members }) => members[scene.app('db')]?.stage === 'delivering');
  expect(await whyNot(handle.executeUpdate(resumeReleaseUpdate, { args: [person] }))).toBe(
    'it is not paused',
  );
  await handle.executeUpdate(pauseReleaseUpdate, { args: [person] });
  expect(await whyNot(handle.executeUpdate(pauseReleaseUpdate, { args: [person] }))).toContain('by anna');
  await lab.environment.env.sleep('2h');
  expect(await scene.story()).not.toContain('deliver api');
  const paused = await lab.status(scene.name);
  expect(paused).toMatchObject({
    phase: 'Progressing',
    message: expect.stringContaining('paused by anna: lunch'),
  });
  await handle.executeUpdate(resumeReleaseUpdate, { args: [person] });
  expect(await handle.result()).toBe('Healthy');
  expect(await scene.story()).toContain('deliver (paused) db');
});

test('promote ends the bake', async () => {
  await scene.answering();
  const handle = await lab.release(scene.name, scene.chain(), { bakeMs: 1_000 * hour });
  const promote = () => handle.executeUpdate(promoteReleaseUpdate, { args: [person] });
  await lab.reaches(scene.name, ({ phase }) => phase === 'Baking');
  const before = await lab.environment.env.currentTimeMs();
  expect((await promote()).message).toBe('the bake ends now');
  expect(await lab.end(handle)).toBe('Healthy');
  expect((await lab.environment.env.currentTimeMs()) - before).toBeLessThan(hour);
});

test('a member that does not answer is told again until it does', async () => {
  await scene.answering({ application: scene.app('db'), deaf: 3 });
  const handle = await lab.release(scene.name, scene.chain());
  expect(await handle.result()).toBe('Healthy');
  const lines = await scene.story();
  expect(lines.filter((line) => line === 'deliver db').length).toBeGreaterThanOrEqual(4);
});

test('a member whose application does not run is named, and told again when it is there', async () => {
  await lab.members([{ application: scene.app('api') }, { application: scene.app('web') }]);
  const handle = await lab.release(scene.name, scene.chain());
  await lab.reaches(
    scene.name,
    ({ members }) => members[scene.app('db')]?.message.includes('no application') === true,
  );
  await lab.members([{ application: scene.app('db') }]);
  expect(await handle.result()).toBe('Healthy');
});

test('in lockstep all come out at once, and no rollout passes another', async () => {
  await scene.answering(
    ...['db', 'api', 'web'].map((each) => ({ application: scene.app(each), hasRollout: true })),
  );
  const handle = await lab.release(scene.name, scene.chain(), { mode: 'lockstep' });
  const steps: readonly (readonly [string, readonly number[]])[] = [
    ['db', [20, 50, 100]],
    ['api', [50, 100]],
    ['web', [10, 20, 100]],
  ];
  const rollouts = await Promise.all(
    steps.map(([short, weights]) =>
      lab.client.start('scriptedRollout', {
        workflowId: `rollout/${scene.app(short)}`,
        taskQueue: workflowQueue,
        args: [
          {
            release: handle.workflowId,
            application: scene.app(short),
            weights,
            rollout: `rollout/${scene.app(short)}`,
          },
        ],
      }),
    ),
  );
  expect(await Promise.all(rollouts.map((each) => lab.end(each)))).toEqual([
    ['20 at 20', '50 at 50', '100 at 100'],
    ['50 at 50', '100 at 100'],
    ['10 at 10', '20 at 20', '100 at 100'],
  ]);
  expect(await lab.end(handle)).toBe('Healthy');
  expect((await scene.story()).slice(0, 3)).toEqual(['deliver db', 'deliver api', 'deliver web']);
  await record('lockstep', handle);
});

test('a release of 100 members that continues as new stays within bounds, and forgets nothing', async () => {
  const members = Array.from({ length: 100 }, (_, index) => {
    const short = `m${String(index).padStart(3, '0')}`;
    return index < 25
      ? memberOf(scene.app(short))
      : memberOf(scene.app(short), scene.app(`m${String(index - 25).padStart(3, '0')}`));
  });
  const failing = scene.app('m099');
  await lab.members(
    members.map(({ application }) => ({
      application,
      ...(application === failing ? { answers: { deliver: 'failed' as const } } : {}),
    })),
  );
  const handle = await lab.release(scene.name, members, { parallel: 25 });
  expect(await lab.end(handle)).toBe('Degraded');
  const sizes = await lab.sizes(handle.workflowId);
  expect(Math.max(...sizes)).toBeLessThan(4_000);
  const lines = await scene.story();
  const backs = lines.filter((line) => line.startsWith('back '));
  expect(backs).toHaveLength(100);
  expect(lines.findIndex((line) => line.startsWith('restore '))).toBeGreaterThan(
    lines.lastIndexOf(backs[99] ?? ''),
  );
  expect(lab.asked).toHaveLength(1);
  expect(lab.asked[0]?.request.paths).toHaveLength(100);
  expect(JSON.stringify(await lab.status(scene.name)).length).toBeLessThan(128 * 1024);
});
