import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { type Restart, restartsDue, restartsLeft } from '../domain/restarts';
import type { ApplicationRun } from './application-run';
import { mirror } from './application-mirror';
import { callOff } from './call-off';
import { writing } from './proxies';
import { remember } from './start-rollout';

const afterFailureMs = 60_000;

/** When pods are to be restarted next (`spec.restartAt`), in epoch milliseconds; undefined: not at all. */
export function nextRestart({ state, delivered, restartsRest }: ApplicationRun): number | undefined {
  const [first] = restartsLeft(state, { workloads: delivered });
  return first === undefined ? undefined : Math.max(first.at, restartsRest);
}

/**
 * Replaces the pods that are due, of all such workloads at the same time, outside of rollouts. Whatever else is wanted comes first: it
 * ends this by cancellation, and the rest is taken up again after it.
 */
export async function restart(run: ApplicationRun, isWanted: () => boolean): Promise<void> {
  const due = restartsDue(run.state, { workloads: run.delivered }, Date.now());
  run.begin('restart', `restarting the pods of ${due.map(({ workload }) => workload.name).join(', ')}`);
  const before = run.state.workloads;
  try {
    await callOff(() => Promise.all(due.map((each) => restartOne(run, each))), isWanted);
  } finally {
    run.end();
  }
  if (run.state.workloads !== before) await mirror(run);
}

async function restartOne(run: ApplicationRun, { workload, stamp }: Restart): Promise<void> {
  const { name } = workload;
  try {
    await evictOld(run, { workload, stamp });
  } catch (error: unknown) {
    if (isCancellation(error)) return;
    if (!(error instanceof ActivityFailure)) throw error;
    run.restartsRest = Date.now() + afterFailureMs;
    const why = error.cause instanceof ApplicationFailure ? error.cause.message : error.message;
    return run.tell(`the pods of ${name} are not restarted: ${why}; trying again in a minute`);
  }
  const known = run.state.workloads[name];
  if (known !== undefined) remember(run, name, { ...known, restartedAt: stamp });
  run.tell(`restarted the pods of ${name} that were older than ${stamp}`);
}

/** The activity comes back when something else is in the way than people have been told, so that the status can say it. */
async function evictOld(
  run: ApplicationRun,
  { workload, stamp }: Pick<Restart, 'workload' | 'stamp'>,
): Promise<void> {
  const { kind, name, namespace, strategy } = workload;
  const bound = 'maxUnavailable' in strategy ? { maxUnavailable: strategy.maxUnavailable } : {};
  const { project } = run.spec;
  const input = { project, kind, name, namespace, restartAt: stamp, ...bound };
  const { restartPods } = writing(run.state.cluster?.id ?? '');
  const summary = `restart the pods of ${name}`;
  for (let told = {}; ;) {
    const result = await restartPods.executeWithOptions({ summary }, [{ ...input, ...told }]);
    if (result.kind === 'done') return;
    run.begin('restart', `restarting the pods of ${name}: ${result.why}`);
    told = { told: result.why };
  }
}
