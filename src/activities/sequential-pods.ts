import { namesOf, pageOf, type Sides } from '../domain/analysis/pod-sides';
import type { KubeObject } from '../domain/kube-object';
import { followedPods, sampleOfPods, type SequentialConfig } from '../domain/sequential';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { inParallel } from './parallel';
import type { Answer } from './sequential-source';

/** So many pods are asked at the same time. */
const atOnce = 10;

/** Reads the counters of the pods themselves, through the API server. A pod that does not answer is a lost scrape. */
export async function readPods(
  cluster: Cluster,
  config: SequentialConfig,
  { pods, at, signal }: { readonly pods: Sides; readonly at: number; readonly signal: AbortSignal },
): Promise<Answer> {
  const most = followedPods(config);
  const asked = [...inOrder(pods.canary).slice(0, most), ...inOrder(pods.baseline).slice(0, most)];
  const texts = new Map<string, string>();
  const errors: unknown[] = [];
  await inParallel(atOnce, asked, (pod) =>
    readOne(cluster, pod, config, signal).then(
      (text) => void texts.set(pod.metadata.name, text),
      (error: unknown) => void errors.push(error),
    ),
  );
  signal.throwIfAborted();
  if (texts.size > 0) return { kind: 'read', at, metrics: sampleOfPods(config, texts, namesOf(pods)) };
  if (errors.length === 0) return { kind: 'nothing', why: 'the cluster has no pods of this rollout' };
  return refusal(errors);
}

function refusal(errors: readonly unknown[]): Answer {
  const [first] = errors;
  const message = `pods: ${first instanceof Error ? first.message : String(first)}`;
  // The API server itself did not answer; otherwise it says what is the matter with the pods.
  const isOut = errors.every(
    (error) => isPortError(error, 'Unreachable') && error.facts['httpStatus'] === undefined,
  );
  const isRefused = isPortError(first, 'Forbidden', 'Unauthenticated');
  if (isOut || isRefused) return { kind: 'error', message, isUnreachable: isOut };
  return { kind: 'nothing', why: `no pod could be read (${message})` };
}

function readOne(
  cluster: Cluster,
  pod: KubeObject,
  { scrape = {} }: SequentialConfig,
  signal: AbortSignal,
): Promise<string> {
  const { name, namespace = '' } = pod.metadata;
  const page = pageOf(pod, scrape);
  if (page === undefined)
    return Promise.reject(
      new Error(`pod ${name} says no port; write scrape.port, or the annotation prometheus.io/port`),
    );
  return cluster.readPod({ namespace, name, ...page }, signal);
}

function inOrder(pods: readonly KubeObject[]): readonly KubeObject[] {
  return [...pods].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
