import { isReady, matches, type Labels } from '../apps';
import type { KubeObject } from '../kube-object';
import { marks } from '../marks';
import { conditionOf, peekList, peekNumber, peekText } from '../peek';
import type { RolloutSpec } from '../rollout-status';
import { isPagePath, type PodSides, type Scrape } from '../sequential';

/** The pods of a rollout's two versions. */
export interface Sides {
  readonly canary: readonly KubeObject[];
  readonly baseline: readonly KubeObject[];
}

/**
 * Which of a namespace's pods are whose: those of the new version carry the rollout's id (`belay.dev/rollout`), which belongs to one
 * pod-template-hash; those of the stable one its own id, or none. Pods of experiments and pods that are being deleted are of neither.
 */
export function sidesOf(
  pods: readonly KubeObject[],
  selector: Labels | undefined,
  { rolloutId, stableRolloutId }: Pick<RolloutSpec, 'rolloutId' | 'stableRolloutId'>,
): Sides {
  const ours = pods.filter(
    ({ metadata: { labels, deletionTimestamp } }) =>
      matches(selector, labels) &&
      labels?.[marks.experiment] === undefined &&
      deletionTimestamp === undefined,
  );
  const idOf = (pod: KubeObject) => pod.metadata.labels?.[marks.rollout];
  return {
    canary: ours.filter((pod) => idOf(pod) === rolloutId),
    baseline: ours.filter((pod) => idOf(pod) === stableRolloutId && idOf(pod) !== rolloutId),
  };
}

export function namesOf({ canary, baseline }: Sides): PodSides {
  const names = (pods: readonly KubeObject[]) => new Set(pods.map(({ metadata }) => metadata.name));
  return { canary: names(canary), baseline: names(baseline) };
}

/** When the last of the pods that are ready became so, in epoch milliseconds. */
export function readyAt(pods: readonly KubeObject[]): number | undefined {
  const times = pods
    .filter((pod) => isReady(pod))
    .map((pod) => Date.parse(peekText(conditionOf(pod, 'Ready'), 'lastTransitionTime') ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Where a pod shows its counters: as it is written, else as its annotations say, else its first port. */
export function pageOf(
  pod: KubeObject,
  { port, path, scheme }: Scrape,
): { readonly port: number; readonly path: string; readonly scheme: 'http' | 'https' } | undefined {
  const said = (name: string) => pod.metadata.annotations?.[`prometheus.io/${name}`];
  const wanted = port ?? said('port');
  const ports = peekList(pod, 'spec', 'containers').flatMap((each) => peekList(each, 'ports'));
  const named = ports.find((each) => peekText(each, 'name') === (wanted ?? 'metrics'));
  const first = wanted === undefined ? (named ?? ports[0]) : named;
  const number = /^\d+$/.test(wanted ?? '') ? Number(wanted) : peekNumber(first, 'containerPort');
  const page = path ?? said('path') ?? '/metrics';
  if (number === undefined || number < 1 || number > 65_535 || !isPagePath(page)) return undefined;
  return { port: number, path: page, scheme: scheme ?? (said('scheme') === 'https' ? 'https' : 'http') };
}
