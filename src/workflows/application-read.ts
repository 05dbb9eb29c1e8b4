import { describeProblem, type Problem } from '../domain/problem';
import type { RevisionPlan } from '../domain/revision-plan';
import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

/** The revision's content as facts, or undefined with the problems noted. */
export async function readRevision(
  run: ApplicationRun,
  revision: string,
  pins: readonly string[] | undefined = run.pins(),
  delivered?: string,
): Promise<RevisionPlan | undefined> {
  const { spec, state } = run;
  const summary = `read ${revision.slice(0, 12)}`;
  const cluster = state.cluster?.id ?? '';
  const answer = await attempt(() =>
    asking(cluster).planRevision.executeWithOptions({ summary }, [
      {
        spec,
        revision,
        ...(pins === undefined ? {} : { pins }),
        ...(delivered === undefined ? {} : { delivered }),
        ...(run.isGoingBack ? { isGoingBack: true } : {}),
      },
    ]),
  );
  if (!answer.ok) run.obstructed(answer.error);
  else if (answer.value.kind === 'planned') {
    run.window = answer.value.window;
    return pins === undefined ? answer.value.plan : { ...answer.value.plan, pins };
  } else refuse(run, revision, answer.value.problems);
  return undefined;
}

/** A person must mend it in Git: nothing of this revision was applied. */
export function refuse(run: ApplicationRun, revision: string, problems: readonly Problem[]): void {
  run.refused(problems);
  const [first] = problems;
  const why = first === undefined ? '' : `: ${describeProblem(first)}`;
  run.tell(`revision ${revision.slice(0, 12)} is refused, nothing was applied${why}`);
}
