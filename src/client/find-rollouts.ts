import { rolloutWorkflow } from '../messages/rollout';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { call, type Session } from './session';
import { applicationSubject, noRollout } from './subjects';

/** What a person may name: an application, `application/workload`, or a rollout's workflow id. */
export interface Target {
  readonly application: string;
  readonly workload?: string;
}

interface Found {
  readonly workflowId: string;
  readonly running: boolean;
  readonly startedAt: number;
}

/** The workflow id of the one rollout in progress that `text` names; works with no worker alive. */
export async function findRunningRollout(session: Session, text: string): Promise<string> {
  if (isRolloutId(text)) return text;
  const target = parseTarget(text);
  const visible = (await listRollouts(session, target)).filter((found) => found.running);
  const ids = visible.map((found) => found.workflowId);
  // The list lags a second behind; the application itself knows at once.
  const matching = ids.length > 0 ? ids : await idsFromStatus(session, target);
  return onlyOne(matching, text, target);
}

/** The rollout in progress that `text` names, or the last one when none is. */
export async function findLastRollout(session: Session, text: string): Promise<string> {
  if (isRolloutId(text)) return text;
  const target = parseTarget(text);
  const found = await listRollouts(session, target);
  const running = found.filter((one) => one.running).map((one) => one.workflowId);
  const current = running.length > 0 ? running : await newestIds(session, target, found);
  if (current.length > 0) return onlyOne(current, text, target);
  const last = found.toSorted((a, b) => b.startedAt - a.startedAt)[0];
  if (last === undefined) throw noRollout(text);
  return last.workflowId;
}

function isRolloutId(text: string): boolean {
  return text.startsWith(`${rolloutWorkflow}/`);
}

function parseTarget(text: string): Target {
  const [application = text, workload] = text.split('/', 2);
  return workload === undefined || workload === '' ? { application } : { application, workload };
}

async function listRollouts(session: Session, target: Target): Promise<Found[]> {
  const name = target.application.replaceAll("'", "''");
  const query = `WorkflowType='${rolloutWorkflow}' AND BelayApp='${name}'`;
  return call(session, applicationSubject(target.application), async () => {
    const found: Found[] = [];
    for await (const one of session.temporal.workflow.list({ query, pageSize: 100 })) {
      const startedAt = one.startTime.getTime();
      if (names(target, one.workflowId))
        found.push({ workflowId: one.workflowId, running: one.status.name === 'RUNNING', startedAt });
      if (found.length >= 100) break;
    }
    return found;
  });
}

/** An application that is gone, or does not answer, does not hide its earlier rollouts. */
async function newestIds(
  session: Session,
  target: Target,
  earlier: readonly Found[],
): Promise<readonly string[]> {
  try {
    return await idsFromStatus(session, target);
  } catch (error: unknown) {
    if (earlier.length === 0) throw error;
    return [];
  }
}

async function idsFromStatus(session: Session, target: Target): Promise<readonly string[]> {
  const { rollouts } = await applicationStatus(session, target.application);
  return rollouts.filter((id) => names(target, id));
}

function names({ workload }: Target, workflowId: string): boolean {
  return workload === undefined || workflowId.endsWith(`/${workload}`);
}

function onlyOne(ids: readonly string[], text: string, { application }: Target): string {
  const [only, ...others] = ids;
  if (only === undefined) throw noRollout(text);
  if (others.length === 0) return only;
  const choices = ids.map((id) => `${application}/${id.split('/').at(-1) ?? id}`).toSorted();
  const remedy = `name one of them: ${choices.join(', ')}`;
  throw new ClientError('SeveralRollouts', `${text} has ${ids.length} rollouts in progress`, { remedy });
}
