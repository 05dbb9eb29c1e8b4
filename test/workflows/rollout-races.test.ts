import type { AnalysisPhase, AnalysisRun } from '../../src/domain/analysis/spec';
import type { RolloutStep } from '../../src/domain/strategy';
import * as messages from '../../src/messages/rollout';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { untilCancelled } from '../support/workflow-fakes';
import { analysisBy, asked, canary, rolloutSpec, startRollout, statusOf } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const weight = (percent: number): RolloutStep => ({ kind: 'setWeight', weight: percent });
const inBackground = { analysis: { ...analysisBy('behind'), startingStep: 0 } };

/** The state of an analysis with one metric; `isOut`: its provider cannot be reached. */
function measured(phase: AnalysisPhase, isOut = false): { kind: 'measured'; run: AnalysisRun } {
  const metric = {
    name: 'errors',
    phase,
    count: 1,
    successful: 0,
    failed: 0,
    inconclusive: 0,
    error: 0,
    consecutiveError: 0,
    consecutiveSuccess: 0,
    measurements: [{ phase: 'Error' as const, startedAt: 0, message: 'connection refused' }],
    ...(isOut && { unreachableSince: 1 }),
  };
  return { kind: 'measured', run: { startedAt: 0, phase, message: 'as scripted', metrics: [metric] } };
}

describe('two analyses at once', () => {
  test('a step that measures does not end the outage of the background', async () => {
    let [isOut, isBack] = [false, false];
    const until = async (is: () => boolean): Promise<void> => {
      while (!is()) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const cluster = await environment.cluster({
      analyse: async ({ name, run }) => {
        if (name !== 'background') {
          await until(() => isOut);
          // The outage of the other one has been taken in by then.
          await new Promise((resolve) => setTimeout(resolve, 500));
          return measured('Successful');
        }
        if (!isOut) {
          await until(() => cluster.inputs('analyse').some((input) => input.name === 'step 2'));
          isOut = true;
          return measured('Running', true);
        }
        await until(() => isBack);
        return measured(run === undefined ? 'Running' : 'Successful');
      },
    });
    const steps: readonly RolloutStep[] = [
      weight(20),
      { kind: 'analysis', analysis: analysisBy('step') },
      weight(50),
    ];
    const handle = await startRollout(
      environment,
      rolloutSpec(cluster, { strategy: canary(steps, inBackground) }),
    );
    const { message } = await eventually(
      () => statusOf(handle),
      (status) => status.steps[1]?.mark === 'done' && status.phase === 'Paused',
    );
    expect(message).toMatch(/^holding: analysis background cannot measure/);
    isBack = true;
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });
});

describe('a full promotion', () => {
  test('ends a background analysis without a verdict', async () => {
    let isAsked = false;
    const cluster = await environment.cluster({
      analyse: (_input, times) => {
        isAsked = true;
        return times === 1 ? measured('Running') : untilCancelled();
      },
    });
    const strategy = canary([weight(20), { kind: 'pause' }], inBackground);
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'keepWeight');
    await eventually(
      () => Promise.resolve(isAsked),
      (known) => known,
    );
    await handle.executeUpdate(messages.promoteFullUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });
});

describe('a pause by a person', () => {
  test('is not taken over by an analysis that ends in it', async () => {
    let isInconclusive = false;
    const cluster = await environment.cluster({
      analyse: async () => {
        while (!isInconclusive) await new Promise((resolve) => setTimeout(resolve, 50));
        return measured('Inconclusive');
      },
    });
    const strategy = canary([weight(20), { kind: 'pause', durationMs: 1 }, weight(50)], inBackground);
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'analyse');
    await handle.executeUpdate(messages.pauseUpdate, { args: [{ ...ada, reason: 'freeze' }] });
    isInconclusive = true;
    const { pausedBy } = await eventually(
      () => statusOf(handle),
      (status) => status.pausedBy?.reason?.includes('Inconclusive') === true,
    );
    expect(pausedBy).toMatchObject({ by: 'ada', reason: expect.stringMatching(/^freeze; /) });
    await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });
});
