import type { Located } from './located';
import { readMetadata } from './read-metadata';
import { readPods } from './read-pods';
import { ignore, refuse, reportUnknown } from './read-refusals';
import { fieldsOf, namespaceOf, workloadKind, type Revision } from './read-revision';
import { readRolloutSpec } from './read-rollout-spec';
import { checkServices } from './read-services';
import { requireField } from './read-with';
import { readWorkloadRef } from './read-workload-ref';
import { workloadOf } from './rollout-workload';
import type { Workload } from './workload';

/** An Argo `Rollout` as the workload it amounts to, moved by its strategy; undefined when something is wrong. */
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
  const kind = workloadKind(located);
  const read = readRolloutSpec(spec, kind, revision);
  const refers = spec.raw('workloadRef') !== undefined;
  const pods = refers ? readWorkloadRef(spec, revision) : located;
  const labels = refers ? readReferred(pods, revision) : readPods(spec);
  ignore(spec, 'selector', 'template');
  reportUnknown(spec);
  const strategy = spec.map('strategy');
  const hasRoles = strategy !== undefined && kind === 'Deployment';
  if (hasRoles && labels !== undefined) checkServices(strategy, labels, revision);
  if (read === undefined || pods === undefined) return undefined;
  return workloadOf(pods, { kind, rollout: located, spec: read, namespace: namespaceOf(located, revision) });
}

function readReferred(pods: Located | undefined, revision: Revision) {
  if (pods === undefined) return undefined;
  const top = fieldsOf(pods, revision);
  readMetadata(top, 'workload');
  if (!requireField(top, 'spec', 'write selector and template')) return undefined;
  const spec = top.map('spec');
  if (spec === undefined) return undefined;
  refuse(spec, { paused: ['pausing by spec.paused is', 'remove it and use `belay pause`'] });
  return readPods(spec);
}
