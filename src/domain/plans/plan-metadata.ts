import type { KubeObject } from '../kube-object';
import { mergePatch } from '../merge-patch';
import { currentReplicaSet, podsOf, replicaSetOf, type RolloutView } from '../rollout-view';
import type { PodMetadata, VersionedStrategy } from '../strategy';
import { type Action, patchOf, type PlanContext } from './plan';

/**
 * Labels and annotations for the time of a role (Argo's ephemeral metadata): on running pods only, never in a template, so that no
 * pod restarts. What the other role gave and this one does not is taken off.
 */
export function metadataActions(
  view: RolloutView,
  context: PlanContext,
  { canaryMetadata, stableMetadata }: Pick<VersionedStrategy, 'canaryMetadata' | 'stableMetadata'>,
): readonly Action[] {
  if (canaryMetadata === undefined && stableMetadata === undefined) return [];
  const canary = replicaSetOf(view, context.rolloutId);
  const stable = currentReplicaSet(view, view.stable);
  const isPromoted = canary !== undefined && canary === stable;
  return [
    ...(isPromoted
      ? []
      : podsOf(view, canary).map((pod) => patchPod(pod, context, canaryMetadata, stableMetadata))),
    ...podsOf(view, stable).map((pod) => patchPod(pod, context, stableMetadata, canaryMetadata)),
  ].filter((action) => action !== undefined);
}

function patchPod(
  pod: KubeObject,
  { fence }: PlanContext,
  wanted: PodMetadata = nothing,
  other: PodMetadata = nothing,
): Action | undefined {
  const labels = mergePatch(
    pod.metadata.labels ?? {},
    replaced(pod.metadata.labels, wanted.labels, other.labels),
  );
  const annotations = mergePatch(
    pod.metadata.annotations ?? {},
    replaced(pod.metadata.annotations, wanted.annotations, other.annotations),
  );
  if (labels === undefined && annotations === undefined) return undefined;
  return patchOf(
    pod,
    fence,
    { metadata: { ...(labels && { labels }), ...(annotations && { annotations }) } },
    `label ${pod.metadata.name}`,
  );
}

const nothing: PodMetadata = { labels: {}, annotations: {} };

type Texts = Readonly<Record<string, string>>;

function replaced(now: Texts | undefined, wanted: Texts, other: Texts): Texts {
  const kept = Object.entries(now ?? {}).filter(([key, value]) => other[key] !== value || key in wanted);
  return { ...Object.fromEntries(kept), ...wanted };
}
