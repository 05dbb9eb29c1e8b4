import { attempt } from './application-attempt';
import { goBackTo } from './application-go-back';
import { restoresOf } from './application-member-failure';
import { passGates, turnBack } from './application-member-gates';
import { report } from './application-member-report';
import { mirror } from './application-mirror';
import type { ApplicationRun } from './application-run';
import { writing } from './proxies';

/** A member that has nothing on its way: there is no traffic to bring back, or it takes a rollout, which comes with `restore`. */
export async function takeBack(run: ApplicationRun): Promise<void> {
  const { report: told, directive } = run.state.release ?? {};
  await turnBack(run, 'the release goes back');
  const message =
    told?.stage === 'committed'
      ? 'it is out already: it goes back by rollouts with its objects'
      : 'it had brought nothing out';
  // The commit goes back for it as well where it had not come to it.
  const isNew = told?.restores === undefined && told?.unwritable === undefined && directive !== undefined;
  report(run, 'trafficBack', message, isNew ? restoresOf(run, directive) : {});
}

/**
 * Objects and hooks go back after all traffic has: rollouts go on from the gate of the way back, the revision that was good when the
 * release began is applied again, and Jobs undo what hooks of the sync have done. Tried until it is done.
 */
export async function restoreMember(run: ApplicationRun): Promise<void> {
  const { release } = run.state;
  if (release === undefined) return;
  run.begin('rollback', 'bringing its objects back', release.base?.revision);
  try {
    await passGates(run, 'trafficBack');
    const trouble = await objectsBack(run);
    if (trouble === undefined) report(run, 'restored', done(run));
    else tryLater(run, trouble);
  } finally {
    run.end();
  }
  await mirror(run);
}

function done({ state }: ApplicationRun): string {
  const { base } = state.release ?? {};
  return base === undefined
    ? 'its first deployment has nothing to go back to: its objects stay'
    : `back at ${base.revision.slice(0, 12)}`;
}

/** When it is tried again is decided where it was asked for. */
function tryLater(run: ApplicationRun, trouble: string): void {
  const stage = run.state.release?.report.stage ?? 'trafficBack';
  run.tell(`cannot go back: ${trouble}; it is tried again`);
  report(run, stage, `cannot go back: ${trouble}; it is tried again`);
}

/** Brings the application back to what was good before the release; answers what stands in the way. */
export async function objectsBack(run: ApplicationRun): Promise<string | undefined> {
  const { base, delivers } = run.state.release ?? {};
  if (base === undefined || delivers === undefined) return undefined;
  const isWritten = base.content === undefined || run.state.applied !== base.content;
  const trouble = isWritten ? await goBackTo(run, base) : undefined;
  if (trouble !== undefined) return trouble;
  if (run.state.good?.revision !== base.revision) run.change({ good: base, synced: base.revision });
  return undoHooks(run);
}

async function undoHooks(run: ApplicationRun): Promise<string | undefined> {
  const { undo: startedAt, ...revision } = run.state.release?.delivers ?? { revision: '' };
  if (startedAt === undefined) return undefined;
  const { undoSyncHooks } = writing(run.state.cluster?.id ?? '');
  const summary = `undo the hooks of ${revision.revision.slice(0, 12)}`;
  const undone = await attempt(() =>
    undoSyncHooks.executeWithOptions({ summary }, [{ spec: run.spec, ...revision, startedAt }]),
  );
  if (!undone.ok) return undone.error.message;
  return undone.value.kind === 'failed' ? undone.value.sentence : undefined;
}
