import { canary, rolloutSpec, startRollout, statusOf } from '../support/workflow-rollouts';
import { failed } from '../support/workflow-fakes';
import { WorkflowEnvironment } from '../support/workflow-environment';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const side = (image: string, pods: number) => ({
  images: [image],
  desired: pods,
  current: pods,
  ready: pods,
  available: pods,
});
const both = (stable: number, fresh: number, actualWeight: number) => ({
  kind: 'done' as const,
  seen: { stable: side('web:1', stable), canary: side('web:2', fresh), actualWeight },
});

test('a rollout shows what its last step saw of both versions', async () => {
  const cluster = await environment.cluster({ reachWeight: () => both(3, 1, 25) });
  const spec = rolloutSpec(cluster, { strategy: canary([{ kind: 'setWeight', weight: 20 }]) });
  const handle = await startRollout(environment, spec);
  await handle.result();
  const { pods, actualWeight } = await statusOf(handle);
  expect(pods).toMatchObject({ stable: side('web:1', 3), canary: side('web:2', 1) });
  expect(pods?.at).toBeGreaterThan(0);
  expect(actualWeight).toBe(25);
});

test('a promotion and a way back show what they left', async () => {
  const promoted = await environment.cluster({
    reachWeight: () => both(0, 4, 100),
    retireOld: () => ({ kind: 'done', seen: { stable: side('web:2', 4), actualWeight: 100 } }),
  });
  const forward = await startRollout(environment, rolloutSpec(promoted));
  await forward.result();
  const after = await statusOf(forward);
  expect(after).toMatchObject({ actualWeight: 100, pods: { stable: side('web:2', 4) } });
  expect(after.pods).not.toHaveProperty('canary');

  const broken = await environment.cluster({
    startCanary: () => ({ ...both(4, 0, 0), replicas: 4 }),
    reachWeight: () => failed(),
    removeCanary: () => ({ kind: 'done', seen: { stable: side('web:1', 4), actualWeight: 0 } }),
  });
  const back = await startRollout(environment, rolloutSpec(broken));
  await back.result();
  const left = await statusOf(back);
  expect(left).toMatchObject({ actualWeight: 0, pods: { stable: side('web:1', 4) } });
  expect(left.pods).not.toHaveProperty('canary');
});

test('an answer that tells nothing of the versions leaves what was seen', async () => {
  const cluster = await environment.cluster({ startCanary: () => ({ ...both(4, 0, 0), replicas: 4 }) });
  const handle = await startRollout(environment, rolloutSpec(cluster));
  await handle.result();
  expect((await statusOf(handle)).pods).toMatchObject({ canary: side('web:2', 0) });
});
