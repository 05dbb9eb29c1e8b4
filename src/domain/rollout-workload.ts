import type { KubeObject } from './kube-object';
import type { Located } from './located';
import { isMap, valueAt } from './read-json';
import type { RolloutSpec } from './read-rollout-spec';
import type { Workload, WorkloadKind } from './workload';

interface Parts {
  readonly kind: WorkloadKind;
  readonly rollout: Located;
  readonly spec: RolloutSpec;
  readonly namespace: string;
}

/** The workload that a Rollout amounts to; `pods` is where its template is written, the Rollout itself or what it refers to. */
export function workloadOf(pods: Located, parts: Parts): Workload {
  const { kind, spec, namespace } = parts;
  const object = kind === 'Deployment' ? deploymentOf(pods.object, parts) : inPlaceOf(pods.object, parts);
  const replicas = kind === 'DaemonSet' ? undefined : valueAt(object, 'spec', 'replicas');
  return {
    kind,
    namespace,
    name: pods.object.metadata.name,
    ...(typeof replicas === 'number' && { replicas }),
    strategy: spec.strategy,
    progressDeadlineMs: spec.progressDeadlineSeconds * 1_000,
    object,
    ...(spec.restartAt !== undefined && { restartAt: spec.restartAt }),
    file: pods.file,
    line: pods.line,
    lineOf: (path: readonly (string | number)[]) => pods.lineOf(path),
  };
}

/** A Deployment with the numbers of the Rollout. `rollingUpdate` matters only where Kubernetes itself replaces the pods. */
function deploymentOf(pods: KubeObject, { rollout, spec, namespace }: Parts): KubeObject {
  const { replicas, minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds, strategy } = spec;
  const bounds = {
    ...(strategy.kind === 'canary' && { maxSurge: strategy.maxSurge }),
    ...(strategy.kind !== 'inPlace' && { maxUnavailable: strategy.maxUnavailable }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(pods, rollout.object, namespace),
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: valueAt(pods, 'spec', 'selector'),
      template: valueAt(pods, 'spec', 'template'),
      minReadySeconds,
      revisionHistoryLimit,
      progressDeadlineSeconds,
      strategy: { type: 'RollingUpdate', rollingUpdate: bounds },
    },
  };
}

/** A StatefulSet or DaemonSet as it is written; of the Rollout only those numbers count that it writes out. */
function inPlaceOf(pods: KubeObject, { rollout, namespace }: Parts): KubeObject {
  const written = ['replicas', 'minReadySeconds', 'revisionHistoryLimit'].flatMap((key) => {
    const value = valueAt(rollout.object, 'spec', key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const spec = pods['spec'];
  return {
    ...pods,
    metadata: { ...pods.metadata, ...metadataOf(pods, rollout.object, namespace) },
    spec: { ...(isMap(spec) ? spec : {}), ...Object.fromEntries(written) },
  };
}

/** Name, labels and annotations of the object that holds the pods; what the Rollout asks of Belay is kept as well. */
function metadataOf(pods: KubeObject, rollout: KubeObject, namespace: string): KubeObject['metadata'] {
  const asked = Object.entries(rollout.metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith('belay.dev/'),
  );
  const { name, labels, annotations } = pods.metadata;
  const all = { ...annotations, ...Object.fromEntries(asked) };
  const some = Object.keys(all).length > 0 && { annotations: all };
  return { name, namespace, ...(labels !== undefined && { labels }), ...some };
}
