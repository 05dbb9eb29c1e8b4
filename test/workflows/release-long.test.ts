import { headOf, memberOf, ReleaseLab } from '../support/release-lab';
import { ReleaseScene } from '../support/release-scene';
import { until } from '../support/until';
import { memberSignal, releaseId, releasesId, releasesQuery } from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import { revisionOf } from '../support/workflow-fakes';

/* On a server that suggests to continue as new very soon. */
let lab: ReleaseLab;
let scene: ReleaseScene;
beforeAll(async () => {
  lab = await ReleaseLab.start(['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=30']);
}, 120_000);
afterAll(() => lab.stop());
beforeEach(() => {
  scene = new ReleaseScene(lab);
});
jest.setTimeout(180_000);

test('a release that continues as new in the middle goes on where it was, on the way back too', async () => {
  const { app } = scene;
  const more = ['a', 'b', 'c', 'd'].map(app);
  await scene.answering(
    { application: app('web'), answers: { deliver: 'failed' } },
    ...more.map((application) => ({ application })),
  );
  const members = [...scene.chain(), ...more.map((each) => memberOf(each))];
  const handle = await lab.release(scene.name, members, { parallel: 2 });
  expect(await lab.end(handle)).toBe('Degraded');
  expect((await lab.sizes(handle.workflowId)).length).toBeGreaterThan(2);
  const lines = await scene.story();
  const first = (line: string): number => lines.indexOf(line);
  const last = (verb: string): number => lines.findLastIndex((line) => line.startsWith(verb));
  expect(lines).not.toContain('commit db');
  expect(lines.findIndex((line) => line.startsWith('restore'))).toBeGreaterThan(first('back d'));
  expect(first('restore web')).toBeLessThan(first('restore api'));
  expect(first('restore api')).toBeLessThan(first('restore db'));
  expect(first('git')).toBeGreaterThan(last('restore'));
  expect(first('settle db')).toBeGreaterThan(first('git'));
  // Asked again after a new beginning, it is the same request.
  expect(new Set(lab.asked.map(({ requestId }) => requestId)).size).toBe(1);
});

test('the entity of a name goes on with its number, its members and its history', async () => {
  const application = scene.app('web');
  await lab.members([{ application }]);
  const membership = { release: scene.name, dependsOn: [], wave: 0 };
  const workflowId = releasesId(scene.name);
  const count = 4;
  for (let number = 1; number <= count; number += 1) {
    const head = headOf(application, { membership, head: revisionOf(`v${number + 1}`) });
    await lab.client.signalWithStart('releases', {
      ...{ workflowId, taskQueue: workflowQueue, args: [{ name: scene.name }] },
      ...{ signal: memberSignal, signalArgs: [head] },
    });
    await until(`release ${number} has ended`, async () => {
      const { history } = await lab.client.getHandle(workflowId).query(releasesQuery);
      return history.length === number;
    });
  }
  expect((await lab.sizes(workflowId)).length).toBeGreaterThan(1);
  const state = await lab.client.getHandle(workflowId).query(releasesQuery);
  expect(state.history.map(({ id, phase }) => [id, phase])).toEqual(
    [4, 3, 2, 1].map((number) => [releaseId(scene.name, number), 'Healthy']),
  );
  expect(state.members[application]?.isBehind).toBe(false);
});
