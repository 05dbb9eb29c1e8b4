import { passGates, turnBack } from './application-member-gates';
import { releaseName } from './application-member-name';
import { report } from './application-member-report';
import { tellGone } from './application-member-tell';
import type { ApplicationRun } from './application-run';

/** The application is deleted: its release goes on, or back, without it. What it has on its way goes back now. */
export async function leaveRelease(run: ApplicationRun): Promise<void> {
  run.member.isLeaving = true;
  report(run, 'gone', 'it is being deleted');
  await turnBack(run, 'the application is deleted');
  await passGates(run, 'trafficBack');
  run.drop('release');
  const name = releaseName(run);
  if (name !== undefined) tellGone(run, name);
}
