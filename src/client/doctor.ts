import type { DoctorFacts, QueueFacts } from '../domain/doctor/facts';
import { judgeInstallation } from '../domain/doctor/judge';
import { isServed } from '../domain/doctor/judge-queues';
import type { DoctorReport } from '../domain/doctor/report';
import { applicationWorkflow } from '../messages/application';
import { clusterObserveQueue, clusterQueue } from '../messages/queues';
import { rolloutWorkflow } from '../messages/rollout';
import { searchAttributes } from '../messages/search-attributes';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { diagnosis } from './doctor-diagnosis';
import { seeApplications } from './doctor-applications';
import { seeQueues } from './doctor-queues';
import { seeWorkflows, type SeenWorkflow } from './doctor-workflows';
import { listApplications } from './list-applications';
import type { Session } from './session';

/** Looks at everything that the installation stands on. `now` is epoch milliseconds. Changes nothing. */
export async function examine(session: Session, now: number): Promise<DoctorReport> {
  const where = `${session.address}, namespace ${session.temporal.options.namespace}`;
  try {
    return judgeInstallation(await see(session, { now, where }));
  } catch (error: unknown) {
    return diagnosis(error, { now, where });
  }
}

async function see(session: Session, facts: Pick<DoctorFacts, 'now' | 'where'>): Promise<DoctorFacts> {
  const workflows = await seeWorkflows(session);
  const [missingAttributes, polled] = await Promise.all([
    seeMissingAttributes(session),
    seeQueues(session, workflows),
  ]);
  const own = polled.find(({ kind }) => kind === 'workflows');
  const isPolled = own !== undefined && isServed(own, facts.now);
  const isSilent = isPolled && (await seeSilence(session, workflows));
  const marked = polled.map((queue) => (queue === own && isSilent ? { ...queue, isSilent } : queue));
  const isAnswered = isPolled && !isSilent;
  const queues = await withApplications(session, marked, { workflows, now: facts.now, isAnswered });
  const applications = await seeApplications(session, workflows, isAnswered);
  return { ...facts, missingAttributes, queues, workflows, applications };
}

/** Where the service does not let us look (Temporal Cloud), nothing is said of them. */
async function seeMissingAttributes({ connection, temporal }: Session): Promise<readonly string[]> {
  const { namespace } = temporal.options;
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return searchAttributes.flatMap(({ name }) => (customAttributes[name] === undefined ? [name] : []));
  } catch {
    return [];
  }
}

/** True when an application whose code does not fail gets nobody to answer for it. */
async function seeSilence(session: Session, workflows: readonly SeenWorkflow[]): Promise<boolean> {
  const probe = workflows.find(
    ({ type, task }) => type === applicationWorkflow && (task === undefined || task.attempt <= 1),
  );
  if (probe?.application === undefined) return false;
  try {
    await applicationStatus(session, probe.application);
    return false;
  } catch (error: unknown) {
    return error instanceof ClientError && error.code === 'NoWorker';
  }
}

interface Known {
  readonly workflows: readonly SeenWorkflow[];
  readonly now: number;
  /** A worker answers questions. */
  readonly isAnswered: boolean;
}

/** Which applications a cluster without a worker has: asked only then, as each must answer. Those with a rollout are known anyway. */
async function withApplications(
  session: Session,
  queues: readonly QueueFacts[],
  { workflows, now, isAnswered }: Known,
): Promise<readonly QueueFacts[]> {
  const isOfCluster = ({ kind }: QueueFacts): boolean => kind === 'cluster' || kind === 'clusterObserver';
  if (!queues.some((queue) => isOfCluster(queue) && !isServed(queue, now))) return queues;
  const listed = isAnswered ? await listApplications(session) : [];
  return queues.map((queue) => {
    if (!isOfCluster(queue)) return queue;
    const named = listed.filter(({ status }) => isQueueOf(queue, status?.state.cluster?.id));
    // `rollout/<cluster>/…`
    const rolling = workflows.filter(
      ({ type, id }) => type === rolloutWorkflow && isQueueOf(queue, id.split('/')[1]),
    );
    const names = [
      ...named.map(({ name }) => name),
      ...rolling.flatMap(({ application }) => application ?? []),
    ];
    return { ...queue, applications: [...new Set(names)].sort() };
  });
}

function isQueueOf({ queue }: QueueFacts, cluster: string | undefined): boolean {
  return cluster !== undefined && (queue === clusterQueue(cluster) || queue === clusterObserveQueue(cluster));
}
