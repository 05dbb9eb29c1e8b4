import type { ApplicationFacts } from '../domain/doctor/facts';
import type { ApplicationStatus } from '../domain/application-status';
import { describeProblem } from '../domain/problem';
import { applicationWorkflow } from '../messages/application';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import type { SeenWorkflow } from './doctor-workflows';
import { inParallel } from './in-parallel';
import type { Session } from './session';

const questionsAtOnce = 16;

/**
 * The applications that want a person. Only those are asked whose search attributes say so; with no worker to answer, these are all
 * that is known.
 */
export async function seeApplications(
  session: Session,
  workflows: readonly SeenWorkflow[],
  isAnswered: boolean,
): Promise<readonly ApplicationFacts[]> {
  const suspicious = workflows.filter(
    ({ type, phase = '', reason = '' }) =>
      type === applicationWorkflow && (reason !== '' || ['Degraded', 'Missing'].includes(phase)),
  );
  const facts = await inParallel(suspicious, questionsAtOnce, async (seen) => {
    if (!isAnswered) return lastWord(seen);
    try {
      return factsOf(await applicationStatus(session, seen.application ?? ''));
    } catch (error: unknown) {
      if (!(error instanceof ClientError)) throw error;
      const name = seen.application ?? seen.id;
      return error.code === 'ApplicationNotFound'
        ? undefined
        : { name, state: 'unanswered' as const, why: error.message };
    }
  });
  return facts.filter((each) => each !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function lastWord({ application = '', phase = 'unknown', reason }: SeenWorkflow): ApplicationFacts {
  const why = `no worker answers; the last that was heard is ${phase}${reason === undefined ? '' : `, because of ${reason}`}`;
  return { name: application, state: phase === 'Degraded' ? 'degraded' : 'problem', why };
}

function factsOf({
  spec,
  state,
  held,
  health,
  message,
  since,
}: ApplicationStatus): ApplicationFacts | undefined {
  const { name } = spec;
  const [problem, ...others] = state.problems;
  if (held || state.hold !== undefined)
    return {
      name,
      state: 'held',
      why: state.hold?.reason ?? message,
      since: state.hold?.since ?? since,
    };
  if (problem !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    const why = `${describeProblem(problem)}${more}`;
    return { name, state: 'problem', why, since: state.problemsSince ?? since };
  }
  if (health !== 'Degraded' && health !== 'Missing') return undefined;
  return { name, state: 'degraded', why: message, since };
}
