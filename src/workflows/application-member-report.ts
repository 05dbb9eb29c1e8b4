import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { MemberReport, MemberStage } from '../domain/release/state';
import { memberReportSignal } from '../messages/release';
import type { ApplicationRun } from './application-run';

/** What a report says besides stage and message; what it leaves out stays as it was. */
export type ReportFacts = Pick<MemberReport, 'failure' | 'restores' | 'unwritable'>;

/** Takes note of how far the application is as a member, and tells its release. One that is gone says nothing more. */
export function report(
  run: ApplicationRun,
  stage: MemberStage,
  message: string,
  facts: Partial<ReportFacts> = {},
): void {
  const { release } = run.state;
  if (release === undefined || release.report.stage === 'gone') return;
  const { delivering } = run.member;
  if (delivering !== undefined && delivering !== release.directive.release) return; // a newer release has taken over
  const before = release.report;
  const since = before.stage === stage ? before.since : Date.now();
  run.change({ release: { ...release, report: { ...before, stage, message, since, ...facts } } });
  answer(run);
}

/** Tells the release again how far it is. */
export function answer({ state }: ApplicationRun): void {
  const { release } = state;
  if (release === undefined) return;
  send(release.directive.release, release.report);
}

/** A release that is not there any more needs no report. */
export function send(release: string, told: MemberReport): void {
  getExternalWorkflowHandle(release)
    .signal(memberReportSignal, told)
    .catch(() => undefined);
}
