import { noteInMirror } from '../activities/inventory';
import { recallApplication, type Recalled } from '../activities/recall';
import { breakOff, type Broken } from '../activities/break-off';
import { connectCluster } from '../adapters/cluster/connect';
import type { BreakGlassOptions, BrokenRollout } from '../cli/recover-options';
import { numberOf } from '../domain/plans/context';
import { interruptedIn } from '../domain/recover';
import { brokenKey, type BrokenOff, type MirrorPlace } from '../domain/recover-read';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Cluster } from '../ports/cluster';
import { PortError } from '../ports/port-error';
import { listMirrors } from './recover';

/**
 * Ends the rollouts of an application with nothing but its cluster: no Temporal, no worker, no Git. First the mirror is marked, so that
 * Belay takes what they brought as aborted when it is back; then traffic goes back to stable and the canary is removed, by the plans and
 * fenced effects of an ordinary rollback. Killed anywhere, the same command goes on. Throws PortError when the cluster does not answer,
 * or the application is not in it.
 */
export async function breakGlass(options: BreakGlassOptions): Promise<readonly BrokenRollout[]> {
  const { context, kubeconfig, timeoutMs } = options;
  const cluster = await connectCluster({ context, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
  try {
    const place = await findPlace(cluster, options);
    const recalled = await recallApplication(cluster, place);
    const rollouts = inProgress(recalled);
    const signal = AbortSignal.timeout(timeoutMs);
    return await Promise.all(rollouts.map((spec) => endOne(cluster, { place, spec, options, signal })));
  } finally {
    cluster.close();
  }
}

async function findPlace(
  cluster: Cluster,
  { application, context, namespace }: BreakGlassOptions,
): Promise<MirrorPlace> {
  const options = { name: application, ...(namespace === undefined ? {} : { namespace }) };
  const [place, another] = await listMirrors(cluster, options);
  if (place === undefined) {
    const where = namespace === undefined ? context : `namespace ${namespace} of ${context}`;
    throw new PortError(`there is no mirror of an application ${application} in ${where}`, {
      code: 'NotFound',
      retry: 'never',
    });
  }
  if (another === undefined) return place;
  const message = `${application} has mirrors in ${place.namespace} and ${another.namespace}; name one by --namespace`;
  throw new PortError(message, { code: 'InvalidSpec', retry: 'never' });
}

/** Those of Deployments as they are seen; of pods that are replaced in place the state says which version is stable. */
function inProgress({ mirrored, live }: Recalled): readonly RolloutSpec[] {
  const seen = interruptedIn(mirrored, live);
  return Object.values(mirrored.rollouts).filter(({ name, kind, number, rolloutId }) => {
    if (kind === 'Deployment') return seen[name] !== undefined;
    const isNewest = numberOf(live[name]?.fence ?? 0) === number;
    return isNewest && mirrored.state.workloads[name]?.rolloutId !== rolloutId;
  });
}

interface One {
  readonly place: MirrorPlace;
  readonly spec: RolloutSpec;
  readonly options: BreakGlassOptions;
  readonly signal: AbortSignal;
}

async function endOne(cluster: Cluster, { place, spec, options, signal }: One): Promise<BrokenRollout> {
  const { by, reason } = options;
  const workload = spec.name;
  const say = (line: string): void => options.say(`${workload}: ${line}`);
  const told = reason === undefined ? by : `${by}: ${reason}`;
  const mark = async (): Promise<void> => {
    const data = { [brokenKey(workload)]: JSON.stringify(brokenOff(spec, options)) };
    await noteInMirror(cluster, place, data, signal).then(
      () => say(`marked in ConfigMap ${place.namespace}/belay-${place.application}: aborted by ${told}`),
      (error: unknown) => say(`the mirror could not be marked: ${messageOf(error)}`), // users' traffic comes first
    );
  };
  const broken: Broken = await breakOff(cluster, { spec, by: told, mark, signal, say });
  return { workload, ...broken };
}

function brokenOff(
  { rolloutId, number, version, target }: RolloutSpec,
  { by, reason }: BreakGlassOptions,
): BrokenOff {
  const { revision } = target;
  const why = reason === undefined ? {} : { reason };
  return { rolloutId, number, version, revision, by, ...why, at: Date.now() };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
