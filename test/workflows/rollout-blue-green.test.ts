import type { BlueGreenStrategy } from '../../src/domain/strategy';
import * as messages from '../../src/messages/rollout';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { failed } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import { analysisBy, rolloutSpec, runRollout, startRollout, statusOf } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const blueGreen = (changes: Partial<BlueGreenStrategy> = {}): BlueGreenStrategy => ({
  kind: 'blueGreen',
  activeService: 'web',
  previewService: 'web-preview',
  maxUnavailable: '25%',
  scaleDownDelayMs: 30_000,
  abortScaleDownDelayMs: 30_000,
  autoPromotionEnabled: true,
  ...changes,
});
const analysed = (phase: 'Successful' | 'Failed') => ({
  kind: 'measured' as const,
  run: { startedAt: 0, phase, metrics: [], message: `it is ${phase}` },
});
const preview = ['startCanary', 'reachWeight 0', 'reachWeight 0'];

describe('a blue-green rollout', () => {
  test('brings the preview up, switches, and lets the old pods go after their delay', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: blueGreen() }));
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.effects).toEqual([...preview, 'handOver', 'adoptCanary', 'retireOld']);
    expect(cluster.inputs('reachWeight').map(({ traffic }) => traffic.isFull ?? false)).toEqual([
      false,
      true,
    ]);
    await record('blue-green', handle);
  });

  test('without automatic promotion waits for a person before the switch', async () => {
    const cluster = await environment.cluster();
    const strategy = blueGreen({ autoPromotionEnabled: false });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    const { message } = await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(message).toContain('BlueGreenPause');
    expect(cluster.trace).not.toContain('handOver');
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    await record('blue-green-by-a-person', handle);
  });

  test('switches by itself after autoPromotionSeconds', async () => {
    const cluster = await environment.cluster();
    const strategy = blueGreen({ autoPromotionMs: 20_000 });
    expect(await runRollout(environment, rolloutSpec(cluster, { strategy }))).toMatchObject({
      kind: 'promoted',
    });
    expect(cluster.effects).toEqual([...preview, 'handOver', 'adoptCanary', 'retireOld']);
  });

  test('whose pre-promotion analysis fails never switches', async () => {
    const cluster = await environment.cluster({ analyse: () => analysed('Failed') });
    const strategy = blueGreen({ prePromotionAnalysis: analysisBy('smoke') });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { sentence: expect.stringContaining('Blue/green pre-promotion analysis') },
    });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 0', 'returnTraffic', 'removeCanary']);
  });

  test('whose post-promotion analysis fails switches back to the pods that are still there', async () => {
    const cluster = await environment.cluster({
      analyse: ({ name }) => analysed(name === 'prePromotion' ? 'Successful' : 'Failed'),
    });
    const strategy = blueGreen({
      prePromotionAnalysis: analysisBy('smoke'),
      postPromotionAnalysis: analysisBy('errors'),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect(cluster.effects).toEqual([...preview, 'handOver', 'returnTraffic', 'removeCanary']);
    await record('blue-green-back', handle);
  });

  test('keeps the preview for abortScaleDownDelaySeconds, but not when a newer version waits', async () => {
    const cluster = await environment.cluster({ reachWeight: () => failed() });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: blueGreen() }));
    await eventually(
      () => statusOf(handle),
      ({ message }) => message.includes('abortScaleDownDelaySeconds'),
    );
    await handle.result();
    const paused = await environment.cluster();
    const strategy = blueGreen({ autoPromotionEnabled: false });
    const second = await startRollout(environment, rolloutSpec(paused, { strategy }));
    await eventually(
      () => statusOf(second),
      ({ phase }) => phase === 'Paused',
    );
    await second.signal(messages.supersedeSignal, { revision: 'newer' });
    expect(await second.result()).toMatchObject({ kind: 'superseded' });
    const { log } = await statusOf(second);
    expect(log.map(({ text }) => text).join()).not.toContain('abortScaleDownDelaySeconds');
  });
});

test('a version with spec.paused has no pod until it is let go', async () => {
  const cluster = await environment.cluster();
  const handle = await startRollout(
    environment,
    rolloutSpec(cluster, { strategy: blueGreen({ isPaused: true }) }),
  );
  const { message } = await eventually(
    () => statusOf(handle),
    ({ phase }) => phase === 'Paused',
  );
  expect(message).toContain('manually paused');
  expect(cluster.trace).toEqual([]);
  await handle.signal(messages.adjustSignal, { isPaused: false });
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
});

test('a version that somebody let go stays so when Git says spec.paused once more', async () => {
  const cluster = await environment.cluster();
  const strategy = blueGreen({ isPaused: true, autoPromotionEnabled: false });
  const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
  await eventually(
    () => statusOf(handle),
    ({ phase }) => phase === 'Paused',
  );
  await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
  await handle.signal(messages.adjustSignal, { isPaused: true });
  const { pausedBy } = await eventually(
    () => statusOf(handle),
    ({ message }) => message.startsWith('BlueGreenPause'),
  );
  expect(pausedBy).toBeUndefined();
  await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
});
