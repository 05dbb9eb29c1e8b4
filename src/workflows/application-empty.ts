import type { RevisionPlan } from '../domain/revision-plan';
import type { SyncOptions } from './application-delivery';
import type { ApplicationRun } from './application-run';

/**
 * Whether a sync that nobody asked for would delete everything, since the revision holds no object: then it is refused, unless
 * `automated.allowEmpty` is set (Argo CD, `autoSync`).
 */
export function wouldEmpty(
  run: ApplicationRun,
  plan: RevisionPlan,
  { prune, isAsked }: SyncOptions,
): boolean {
  const { spec, state } = run;
  const isAllowed = isAsked || !prune || spec.automated?.allowEmpty === true;
  if (isAllowed || plan.objects > 0 || state.good === undefined) return false;
  const message = `revision ${plan.revision.slice(0, 12)} holds no object, so pruning would delete everything`;
  run.refused([
    {
      code: 'InvalidSpec',
      field: 'spec.syncPolicy.automated.allowEmpty',
      message,
      remedy: `set it to true, or delete them by \`belay app sync ${spec.name} --prune\``,
    },
  ]);
  return true;
}
