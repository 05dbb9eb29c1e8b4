import type { ApplyInput, ApplyResult } from '../activities/sync';
import { attempt } from './application-attempt';
import { refuse } from './application-read';
import type { ApplicationRun } from './application-run';
import { applying } from './proxies';

export { settled } from '../domain/settled';

/** Applies a stage of a revision; undefined when nothing was written, with the problems noted. */
export async function apply(
  run: ApplicationRun,
  summary: string,
  input: Omit<ApplyInput, 'spec'>,
): Promise<ApplyResult | undefined> {
  const { spec, state } = run;
  const cluster = state.cluster?.id ?? '';
  const applied = await attempt(() =>
    applying(cluster).applyRevision.executeWithOptions({ summary }, [{ spec, ...input }]),
  );
  if (!applied.ok) run.obstructed(applied.error);
  else if (applied.value.problems.length > 0) refuse(run, input.revision, applied.value.problems);
  else return applied.value;
  return undefined;
}
