import type { RevisionPlan } from '../domain/revision-plan';
import { attempt } from './application-attempt';
import { revisionOf, type Delivered } from './application-delivery';
import { refuse } from './application-read';
import type { ApplicationRun } from './application-run';
import { untilNews } from './application-wait';
import { writing } from './proxies';

/**
 * Runs the check Jobs of a revision before its first write; undefined: it may be delivered. What is the good version already, such as
 * our own revert, has passed them before. A newer revision, a deletion and the deadline call them off.
 */
export async function runChecks(run: ApplicationRun, plan: RevisionPlan): Promise<Delivered | undefined> {
  const { checks = [] } = plan;
  const { good, cluster } = run.state;
  if (checks.length === 0 || (plan.content !== undefined && good?.content === plan.content)) return undefined;
  const activities = writing(cluster?.id ?? '');
  const about = { spec: run.spec, ...revisionOf(plan), run: `${plan.revision} ${Date.now()}` };
  run.begin('sync', `checking ${plan.revision.slice(0, 12)}: ${checks.join(', ')}`, plan.revision);
  const summary = `run ${checks.slice(0, 3).join(', ')}`;
  const done = await attempt(
    () => untilNews(run, plan, () => activities.runChecks.executeWithOptions({ summary }, [about])).ended,
  );
  if (!done.ok) run.obstructed(done.error);
  else if ('kind' in done.value) {
    if (done.value.kind === 'superseded') return done.value;
    if (done.value.kind === 'late')
      refuse(run, plan.revision, [
        { code: 'CheckFailed', message: run.deadline?.why ?? 'its checks took too long' },
      ]);
  } else if (done.value.problems.length > 0) refuse(run, plan.revision, done.value.problems);
  else {
    const dropped = await attempt(() => activities.dropChecks(about));
    if (!dropped.ok) run.tell(`${checks.join(', ')} could not be deleted: ${dropped.error.message}`);
    return undefined;
  }
  return { kind: 'refused' };
}
