import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { ReleaseSpec } from '../domain/release/spec';
import { applicationId } from '../messages/application';
import { joinReleaseSignal, leaveReleaseSignal } from '../messages/release';
import type { ReleasesRun } from './releases-run';

const firstMs = 5_000;
const capMs = 600_000;

/** Another file counts now, or none: members that no longer belong to it are told so, and new ones that they do. */
export async function takeFile(run: ReleasesRun, file: ReleaseSpec | undefined): Promise<void> {
  const named = new Set(namesOf(file));
  const left = namesOf(run.state.file).filter((each) => !named.has(each));
  if (file === undefined) run.drop('file');
  else run.change({ file });
  run.join = undefined;
  await Promise.all(left.map((each) => tell(run, each, leaveReleaseSignal)));
  await Promise.all([...named].map((each) => tell(run, each, joinReleaseSignal)));
}

/** Members of the file that have told nothing may not have been there when they were told: they are told again, ever more slowly. */
export async function tellMissing(run: ReleasesRun): Promise<void> {
  const missing = namesOf(run.state.file).filter((each) => run.state.members[each] === undefined);
  if (missing.length === 0) {
    run.join = undefined;
    return;
  }
  if (run.join === undefined) run.join = { at: Date.now() + firstMs, delay: firstMs };
  if (run.join.at > Date.now()) return;
  const delay = Math.min(capMs, run.join.delay * 2);
  run.join = { at: Date.now() + delay, delay };
  await Promise.all(missing.map((each) => tell(run, each, joinReleaseSignal)));
}

function namesOf(file: ReleaseSpec | undefined): readonly string[] {
  return file?.members.map(({ application }) => application) ?? [];
}

/** One that is not there is shown as a problem of the release. */
async function tell(
  run: ReleasesRun,
  application: string,
  signal: typeof joinReleaseSignal | typeof leaveReleaseSignal,
): Promise<void> {
  await getExternalWorkflowHandle(applicationId(application))
    .signal(signal, { release: run.name })
    .catch(() => undefined);
}
