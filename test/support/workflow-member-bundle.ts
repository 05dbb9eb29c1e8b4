import {
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';
import type { RolloutOutcome } from '../../src/domain/rollout-status';
import { applicationId, rolloutEndedSignal } from '../../src/messages/application';
import { passGateSignal, rolloutGateSignal, type RolloutGate } from '../../src/messages/release';
import {
  abortSignal,
  pauseSignal,
  resumeSignal,
  type RolloutInput,
  supersedeSignal,
} from '../../src/messages/rollout';

/** As the bundle of all workflow tests, but rollouts are played. */
export * from './workflow-bundle';

/** Makes a played rollout fail, or end as if a person had aborted it. */
export const playSignal = defineSignal<[RolloutOutcome]>('play');
/** Ends a played rollout without a word, as a termination does. */
export const vanishSignal = defineSignal('vanish');
/** What it was told. */
export const heardQuery = defineQuery<readonly string[]>('heard');

/**
 * A rollout as its application sees it, without a cluster. Versions that end in `-bad` fail; in a release it waits at its gates, except
 * where the strategy has none; `-slow` never gets to the first one by itself.
 */
export async function rollout({ spec, mode }: RolloutInput): Promise<RolloutOutcome> {
  const heard: string[] = [];
  const passed = new Set<RolloutGate['at']>();
  let end: RolloutOutcome | undefined;
  let isGone = false;
  setHandler(heardQuery, () => heard);
  setHandler(pauseSignal, ({ requestedBy }) => void heard.push(`pause by ${requestedBy}`));
  setHandler(resumeSignal, ({ requestedBy }) => void heard.push(`resume by ${requestedBy}`));
  setHandler(playSignal, (outcome) => void (end ??= outcome));
  setHandler(vanishSignal, () => void (isGone = true));
  setHandler(passGateSignal, ({ at }) => {
    heard.push(`pass ${at}`);
    passed.add(at);
  });
  setHandler(abortSignal, ({ requestedBy, reason = '' }) => {
    heard.push(`abort: ${reason}`);
    if (!passed.has('ready')) end ??= { kind: 'aborted', by: requestedBy, reason };
  });
  setHandler(supersedeSignal, ({ revision }) => {
    heard.push('supersede');
    end ??= { kind: 'superseded', by: revision };
  });
  const application = getExternalWorkflowHandle(applicationId(spec.application));
  const gate = (at: RolloutGate['at'], outcome?: RolloutOutcome): Promise<void> =>
    application.signal(rolloutGateSignal, {
      ...{ workload: spec.name, rolloutId: spec.rolloutId, at },
      ...(outcome === undefined ? {} : { outcome }),
    });
  const sentence = `${spec.version} does not start`;
  if (mode === 'recover') end ??= { kind: 'aborted', by: 'recovery' };
  if (spec.version.endsWith('-bad'))
    end ??= { kind: 'failed', failure: { code: 'CrashLoop', sentence, at: 0 } };
  if (spec.release !== undefined && spec.strategy.kind === 'canary') {
    if (spec.version.endsWith('-slow')) await condition(() => end !== undefined);
    if (end === undefined) await gate('ready');
    await condition(() => isGone || end !== undefined || passed.has('ready'));
    if (isGone) return { kind: 'aborted', by: 'nobody' };
    if (end !== undefined && end.kind !== 'superseded') {
      await gate('trafficBack', end);
      await condition(() => passed.has('trafficBack'));
    }
  }
  const outcome: RolloutOutcome = end ?? { kind: 'promoted', way: 'adopted' };
  await application.signal(rolloutEndedSignal, { workload: spec.name, rolloutId: spec.rolloutId, outcome });
  return outcome;
}
