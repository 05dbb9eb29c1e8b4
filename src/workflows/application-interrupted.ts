import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import type { RolloutOutcome, RolloutSpec } from '../domain/rollout-status';
import { rolloutWorkflowId, supersedeSignal } from '../messages/rollout';
import { isMember } from './application-member-name';
import { passGate } from './application-member-pass';
import type { ApplicationRun } from './application-run';
import { takeEnd } from './rollout-ends';
import { findTerminated, startRecovery, type Started } from './start-rollout';

const describeEveryMs = 60_000;

/** After a recovery, and once its cluster is found: rollouts were in the middle when their workflows were lost. */
export function isInterrupted({ state }: ApplicationRun): boolean {
  return state.cluster !== undefined && Object.keys(state.interrupted ?? {}).length > 0;
}

/**
 * Each is finished where the new template is on stable already, else everything goes back, before anything is read from Git. Nobody has
 * judged what they brought, so nothing is put in quarantine: the sync that follows brings it out again from its first step.
 */
export async function endInterrupted(run: ApplicationRun): Promise<void> {
  const specs = Object.values(run.state.interrupted ?? {});
  const names = specs.map(({ name }) => name).join(', ');
  run.begin('rollback', `finding out how far the rollouts of ${names} got`);
  run.tell(`the rollouts of ${names} were interrupted; each is finished or taken back`);
  const started: Started[] = [];
  for (const spec of specs) started.push(await recoverOne(run, spec));
  const outcomes = new Map<string, RolloutOutcome>();
  while (outcomes.size < started.length) {
    const isNews = (): boolean => started.some(({ spec }) => run.ended.has(spec.rolloutId));
    const summary = 'a slow look whether the rollouts still run';
    for (const { workflowId } of isMember(run) ? started : []) passGate(workflowId, 'trafficBack');
    if (!(await condition(isNews, describeEveryMs, { summary }))) await findTerminated(run, started);
    for (const each of started) takeEnd(run, each, outcomes);
  }
  for (const [name, { kind }] of outcomes)
    run.tell(kind === 'promoted' ? `${name} was finished` : `${name} is back at its stable version`);
  run.drop('interrupted');
  run.end();
}

/** One whose workflow still runs is left from an earlier life of the application: it is asked to go back. */
async function recoverOne(run: ApplicationRun, spec: RolloutSpec): Promise<Started> {
  const { name, version } = spec;
  const workflowId = rolloutWorkflowId(spec);
  const started: Started = { workload: { name, version }, spec, workflowId };
  run.rollouts.set(name, workflowId);
  if (!(await startRecovery(run, started)))
    await getExternalWorkflowHandle(workflowId)
      .signal(supersedeSignal, { revision: spec.target.revision })
      .catch(() => undefined);
  run.show();
  return started;
}
