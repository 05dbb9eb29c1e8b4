import type { AtOnceDone } from '../activities/deliver-at-once';
import type { PlanInput } from '../activities/plan-revision';
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
): Promise<RevisionPlan | undefined> {
  const read = await readWith(run, { revision, pins }, asking(run.state.cluster?.id ?? ''));
  return read?.plan;
}

/** What is read: a revision, with revisions of the other sources where there are any. */
export interface Reading {
  readonly revision: string;
  readonly pins: readonly string[] | undefined;
  readonly extra?: Pick<PlanInput, 'delivered' | 'atOnce'>;
}

/** A revision that was read; `done`: and delivered by the same activity. */
export interface ReadAnswer {
  readonly plan: RevisionPlan;
  readonly done?: AtOnceDone;
}

/** Reads a revision by the activities given; undefined with the problems noted. */
export async function readWith(
  run: ApplicationRun,
  { revision, pins, extra = {} }: Reading,
  activities: ReturnType<typeof asking>,
): Promise<ReadAnswer | undefined> {
  const { spec } = run;
  const summary = `read ${revision.slice(0, 12)}${extra.atOnce === undefined ? '' : ', apply what changed'}`;
  const answer = await attempt(() =>
    activities.planRevision.executeWithOptions({ summary }, [
      {
        spec,
        revision,
        ...(pins === undefined ? {} : { pins }),
        ...extra,
        ...(run.isGoingBack ? { isGoingBack: true } : {}),
      },
    ]),
  );
  if (!answer.ok) run.obstructed(answer.error);
  else if (answer.value.kind === 'planned') {
    const { plan, window, done } = answer.value;
    run.window = window;
    return {
      plan: pins === undefined ? plan : { ...plan, pins },
      ...(done === undefined ? {} : { done }),
    };
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
