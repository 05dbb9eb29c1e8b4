import { randomUUID } from 'node:crypto';
import { checkId, checkWorkflow, type CheckInput, type CheckResult } from '../messages/check';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { runOnce } from './run-once';
import type { Session } from './session';

export interface CheckOptions {
  /** Commits, branches, tags or refs of the application's repository: the first one that there is. */
  readonly names: readonly string[];
  /** False: without the check Jobs of the revision. Default true. */
  readonly jobs?: boolean;
  /** Tell the forge how the commit stands. */
  readonly status?: boolean;
}

/** Check Jobs may run for an hour. */
const answerWithinMs = 70 * 60_000;

/** Does with a revision what comes before the first write of a sync, and nothing else. Needs a live worker. */
export async function checkApplication(
  session: Session,
  name: string,
  { names, jobs = true, status = false }: CheckOptions,
): Promise<CheckResult> {
  const { spec, state } = await applicationStatus(session, name);
  if (state.cluster === undefined) {
    const remedy = `\`belay why ${name}\` says what it waits for`;
    throw new ClientError('Failed', `${name} has not found its cluster yet`, { remedy });
  }
  const run = randomUUID();
  const pins = state.pins === undefined ? {} : { pins: state.pins };
  const input: CheckInput = { cluster: state.cluster.id, spec, names, ...pins, run, jobs, status };
  return runOnce<CheckResult>(session, {
    application: name,
    workflow: checkWorkflow,
    workflowId: checkId(name, run),
    input,
    summary: `check ${names[0]?.slice(0, 40)} for ${name}`,
    answerWithinMs,
    what: 'checked',
  });
}
