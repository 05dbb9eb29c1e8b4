import type { ApplicationStatus } from '../domain/application-status';
import { applicationOfId, applicationWorkflow } from '../messages/application';
import { applicationStatus } from './applications';
import { inParallel } from './in-parallel';
import { call, type Session } from './session';
import { applicationSubject } from './subjects';

/** One row of the list: without `status` the application did not answer, and `problem` says why. */
export interface ListedApplication {
  readonly name: string;
  readonly repo?: string;
  readonly namespace?: string;
  readonly status?: ApplicationStatus;
  readonly problem?: string;
}

type Known = Pick<ListedApplication, 'name' | 'repo' | 'namespace'>;

const questionsAtOnce = 16;

/** All applications by name, each with its status; those that do not answer are listed all the same. */
export async function listApplications(session: Session): Promise<ListedApplication[]> {
  const known = await listKnown(session);
  const ask = patientAsker(session);
  const listed = await inParallel(known, questionsAtOnce, ask);
  return listed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Asks until it is clear that nobody answers: then the rest is not asked, or 200 applications would cost a minute. */
function patientAsker(session: Session): (known: Known) => Promise<ListedApplication> {
  const giveUpAt = Date.now() + session.answerWithinMs;
  let answered = false;
  return async (known) => {
    if (!answered && Date.now() >= giveUpAt) return { ...known, problem: 'not asked: no worker answers' };
    try {
      const status = await applicationStatus(session, known.name);
      answered = true;
      return { ...known, status };
    } catch (error: unknown) {
      return { ...known, problem: error instanceof Error ? error.message : String(error) };
    }
  };
}

function listKnown(session: Session): Promise<Known[]> {
  const query = `WorkflowType='${applicationWorkflow}' AND ExecutionStatus='Running'`;
  return call(session, applicationSubject('*'), async () => {
    const known = new Map<string, Known>();
    for await (const { workflowId, memo } of session.temporal.workflow.list({ query })) {
      const name = applicationOfId(workflowId);
      if (name !== undefined)
        known.set(name, { name, ...text('repo', memo?.repo), ...text('namespace', memo?.namespace) });
    }
    return [...known.values()];
  });
}

function text<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]?: string }) : {};
}
