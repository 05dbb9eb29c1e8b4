import type { AnalysisRun, SequentialView } from '../../src/domain/analysis/spec';
import type { RolloutStep } from '../../src/domain/strategy';
import * as messages from '../../src/messages/rollout';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { untilCancelled } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import { analysisBy, canary, rolloutSpec, startRollout, statusOf } from '../support/workflow-rollouts';

/** A whole server: the time-skipping one loses the cancellation of a batch that ends at the same time. */
let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({ devServer: [] });
});
afterAll(() => environment.stop());

const weight = (percent: number): RolloutStep => ({ kind: 'setWeight', weight: percent });
const day = 24 * 3_600_000;
const long: RolloutStep = { kind: 'pause', durationMs: day };
const analysis = { ...analysisBy('errors'), startingStep: 1 };

/** The state of an analysis with one sequential metric, as an activity answers it. */
function looked(kind: SequentialView['kind'], stage: number, more: Partial<SequentialView> = {}) {
  const sequential: SequentialView = {
    kind,
    sentence: `it is ${kind}`,
    stage,
    endsPause: true,
    history: { limits: [4.6, 3], every: 1, skipped: 0, points: [] },
    report: { evidence: 1, rollbackAt: 100, promoteAt: 20, metrics: [] },
    ...more,
  };
  const metric = {
    ...{ name: 'errors', phase: 'Running' as const, count: 1, successful: 1, failed: 0, inconclusive: 0 },
    ...{ error: 0, consecutiveError: 0, consecutiveSuccess: 1, measurements: [], sequential },
    memory: { version: 1, secret: 'not for people' },
  };
  const run: AnalysisRun = { startedAt: 0, phase: 'Running', metrics: [metric] };
  return { kind: 'measured' as const, run };
}

test('a pause of a day ends when its stage is earned, and each stage is earned anew', async () => {
  const strategy = canary([weight(20), long, weight(50), long], { analysis });
  const cluster = await environment.cluster({
    analyse: ({ standing, run }) => {
      const stage = standing?.index ?? 0;
      const isTold =
        run?.metrics[0]?.sequential?.stage === stage && run.metrics[0].sequential.kind === 'promote';
      return isTold ? untilCancelled() : looked('promote', stage);
    },
  });
  const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  const { log, analyses } = await statusOf(handle);
  expect(log.filter(({ text }) => text.includes('the evidence is in'))).toHaveLength(2);
  expect(new Set(cluster.inputs('analyse').map(({ standing }) => standing?.index))).toEqual(new Set([1, 3]));
  // What the next batch needs is in its input, not in what people see.
  expect(cluster.inputs('analyse').at(-1)?.run?.metrics[0]?.memory).toBeDefined();
  expect(analyses?.[0]?.run.metrics[0]).not.toHaveProperty('memory');
  await record('evidence-ends-pauses', handle);
});

test.each<[string, RolloutStep, ReturnType<typeof looked>]>([
  ['without a duration is a person’s', { kind: 'pause' }, looked('promote', 1)],
  ['ends only where the template says so', long, looked('promote', 1, { endsPause: undefined as never })],
  ['of another stage is not earned', long, looked('promote', 7)],
  ['goes on while evidence is missing', long, looked('continue', 1)],
])('a pause that %s', async (_name, step, answer) => {
  const strategy = canary([weight(20), step], { analysis });
  const cluster = await environment.cluster({
    analyse: (_input, times) => (times === 1 ? answer : untilCancelled()),
  });
  const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
  await eventually(
    () => statusOf(handle),
    ({ phase, analyses }) => phase === 'Paused' && analyses?.length === 1,
  );
  expect((await statusOf(handle)).phase).toBe('Paused');
  await handle.executeUpdate(messages.promoteUpdate, { args: [{ requestedBy: 'ada' }] });
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
});

test('evidence that cannot be told holds the next step', async () => {
  let isBack = false;
  const strategy = canary([weight(20), { kind: 'pause' }, weight(50)], { analysis });
  const cluster = await environment.cluster({
    analyse: () =>
      new Promise((resolve) => setTimeout(() => resolve(looked(isBack ? 'continue' : 'hold', 1)), 50)),
  });
  const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
  await eventually(
    () => statusOf(handle),
    ({ phase, analyses }) => phase === 'Paused' && analyses?.length === 1,
  );
  await handle.executeUpdate(messages.promoteUpdate, { args: [{ requestedBy: 'ada' }] });
  const { message } = await eventually(
    () => statusOf(handle),
    (status) => status.message.startsWith('holding: '),
  );
  expect(message).toContain('analysis background cannot measure errors');
  isBack = true;
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
});
