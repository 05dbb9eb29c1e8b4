import { condition } from '@temporalio/workflow';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { mirror } from './application-mirror';
import type { ApplicationRun } from './application-run';
import type { FailedRollouts } from './rollout-ends';

/**
 * A failure may be a flake: where the application says so (`belay.dev/write-back-confirm`), Git waits, traffic being back already, for a
 * person's `retry` or a fix. A second failure of the same revision within that time confirms the first, and so does its end. False:
 * something else was asked or pushed meanwhile. A person's abort needs no confirmation.
 */
export async function isConfirmed(
  run: ApplicationRun,
  { revision, pins }: RevisionPlan,
  { isAbort, isKnown }: FailedRollouts,
): Promise<boolean> {
  const { confirmMs } = run.spec.writeBackOptions ?? {};
  const now = Date.now();
  const known = run.state.unconfirmedFailure;
  const isSecond = known?.revision === revision && isKnown !== true;
  if (confirmMs === undefined || isAbort || isSecond) {
    run.drop('unconfirmedFailure');
    return true;
  }
  const until = Math.min((isKnown === true ? known?.until : undefined) ?? Infinity, now + confirmMs);
  run.change({ unconfirmedFailure: { revision, at: known?.at ?? now, until } });
  const end = new Date(until).toISOString().slice(0, 19);
  const message = `traffic is back from ${revision.slice(0, 12)}; Git waits until ${end}Z for a retry or a fix before it goes back too`;
  run.begin('rollback', message, revision);
  run.tell(message);
  await mirror(run);
  const looked = lookedAt(revision, pins);
  const isElse = (): boolean => run.asked.length > 0 || run.wanted() !== looked;
  const summary = { summary: 'for a retry or a fix before Git goes back' };
  if (until > now && (await condition(isElse, until - now, summary))) {
    run.forgetCompared();
    return false;
  }
  run.drop('unconfirmedFailure');
  return true;
}

/** The failure that is not confirmed yet, or whose revert gave way to a commit on top, where the revision holds the same version. */
export function knownFailure(run: ApplicationRun, version: string): FailedRollouts | undefined {
  if (run.blamed !== undefined) return { ...run.blamed, isKnown: true };
  const { unconfirmedFailure, lastFailure, quarantine } = run.state;
  const quarantined = quarantine[version];
  if (lastFailure === undefined || unconfirmedFailure?.revision !== lastFailure.revision) return undefined;
  if (quarantined?.revision !== lastFailure.revision) return undefined;
  const { revision: _revision, workload, ...failure } = lastFailure;
  return { kind: 'failed', failure, workload: { name: workload, version }, isAbort: false, isKnown: true };
}
