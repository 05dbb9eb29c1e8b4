import type { KubeObject } from './kube-object';
import type { Located } from './located';
import { valueAt } from './read-json';
import { readMetadata } from './read-metadata';
import { readPods } from './read-pods';
import { ignore, refuse, reportUnknown } from './read-refusals';
import { fieldsOf, namespaceOf, type Revision } from './read-revision';
import { readRolloutSpec, type RolloutSpec } from './read-rollout-spec';
import { checkServices } from './read-services';
import { requireField } from './read-with';
import { readWorkloadRef } from './read-workload-ref';
import type { Workload } from './workload';

/** An Argo `Rollout` as the Deployment it amounts to, moved by its strategy; undefined when something is wrong. */
export function readOneRollout(located: Located, revision: Revision): Workload | undefined {
  const top = fieldsOf(located, revision);
  if (located.object.apiVersion !== 'argoproj.io/v1alpha1') {
    const message = `version ${located.object.apiVersion} is unknown`;
    return top.invalid('apiVersion', message, { remedy: 'write argoproj.io/v1alpha1' });
  }
  readMetadata(top, 'workload');
  ignore(top, 'apiVersion', 'kind', 'status');
  const written = requireField(top, 'spec', 'write selector, template and strategy');
  const spec = written ? top.map('spec') : undefined;
  reportUnknown(top);
  if (spec === undefined) return undefined;
  const read = readRolloutSpec(spec);
  const refers = spec.raw('workloadRef') !== undefined;
  const deployment = refers ? readWorkloadRef(spec, revision) : located;
  const labels = refers ? readReferred(deployment, revision) : readPods(spec);
  ignore(spec, 'selector', 'template');
  reportUnknown(spec);
  const canary = spec.map('strategy')?.map('canary');
  if (canary !== undefined && labels !== undefined) checkServices(canary, labels, revision);
  if (read === undefined || deployment === undefined) return undefined;
  return workloadOf(deployment, {
    rollout: located.object,
    spec: read,
    namespace: namespaceOf(located, revision),
  });
}

function readReferred(deployment: Located | undefined, revision: Revision) {
  if (deployment === undefined) return undefined;
  const top = fieldsOf(deployment, revision);
  readMetadata(top, 'workload');
  if (!requireField(top, 'spec', 'write selector and template')) return undefined;
  const spec = top.map('spec');
  if (spec === undefined) return undefined;
  refuse(spec, { paused: ['pausing by spec.paused is', 'remove it and use `belay pause`'] });
  return readPods(spec);
}

interface Parts {
  readonly rollout: KubeObject;
  readonly spec: RolloutSpec;
  readonly namespace: string;
}

function workloadOf(written: Located, { rollout, spec, namespace }: Parts): Workload {
  const { name } = written.object.metadata;
  const { strategy, replicas, ...numbers } = spec;
  const { maxSurge, maxUnavailable } = strategy;
  const count = replicas === undefined ? {} : { replicas };
  const pods = written.object;
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(pods, rollout, namespace),
    spec: {
      ...count,
      selector: valueAt(pods, 'spec', 'selector'),
      template: valueAt(pods, 'spec', 'template'),
      ...numbers,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    },
  };
  const place = {
    file: written.file,
    line: written.line,
    lineOf: (path: readonly (string | number)[]) => written.lineOf(path),
  };
  const progressDeadlineMs = spec.progressDeadlineSeconds * 1_000;
  return {
    kind: 'Deployment',
    namespace,
    name,
    ...count,
    strategy,
    progressDeadlineMs,
    object: deployment,
    ...place,
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
