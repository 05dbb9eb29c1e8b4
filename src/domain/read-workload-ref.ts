import type { Fields } from './fields';
import type { Located } from './located';
import { isMap, sameJson, valueAt } from './read-json';
import { reportUnknown } from './read-refusals';
import { deploymentKind, namespaceOf, objectsOf, type Revision } from './read-revision';
import { suggestionFor } from './read-suggestion';
import { requireField } from './read-with';

/** The Deployment that a Rollout refers to by `workloadRef`; it must be in the same revision. */
export function readWorkloadRef(spec: Fields, revision: Revision): Located | undefined {
  const ref = spec.map('workloadRef');
  if (ref === undefined) return undefined;
  const apiVersion = ref.string('apiVersion');
  const kind = ref.string('kind');
  const name = ref.string('name');
  // What happens to the Deployment's own pods afterwards: here they are the stable pods, so there is nothing to scale down.
  ref.oneOf('scaleDown', ['never', 'onsuccess', 'progressively']);
  requireField(ref, 'apiVersion', 'write apps/v1');
  requireField(ref, 'kind', 'write Deployment');
  requireField(ref, 'name', 'name the Deployment');
  reportUnknown(ref);
  checkEmptyTemplate(spec);
  if (!apiVersion || !kind || !name) return undefined;
  if (apiVersion !== 'apps/v1' || kind !== 'Deployment') {
    const message = `a reference to a ${kind} of ${apiVersion} is not supported yet`;
    const remedy = 'refer to a Deployment of apps/v1';
    ref.report({ code: 'Unsupported', path: ref.path, message, value: kind, remedy });
    return undefined;
  }
  const deployments = objectsOf(revision, deploymentKind, namespaceOf(spec.source.located, revision));
  const deployment = deployments.find(({ object }) => object.metadata.name === name);
  if (deployment === undefined) return notFound(ref, name, deployments);
  checkDeployment(spec, deployment);
  return deployment;
}

function notFound(ref: Fields, name: string, deployments: readonly Located[]): undefined {
  const names = deployments.map(({ object }) => object.metadata.name);
  const near = suggestionFor(name, names);
  const remedy = near === undefined ? 'add its manifest, or mend the name' : `did you mean "${near}"?`;
  ref.invalid('name', `Deployment ${name} is not in this revision`, { value: name, remedy });
}

function checkEmptyTemplate(spec: Fields): void {
  if (isEmpty(spec.raw('template'))) return;
  const remedy = 'remove spec.template or spec.workloadRef';
  spec.invalid('template', 'template must be empty for workload reference rollout', { remedy });
}

/** Nothing but maps and lists with nothing in them, as tools write out an unset template. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  return value === undefined || value === null || (isMap(value) && Object.values(value).every(isEmpty));
}

function checkDeployment(spec: Fields, deployment: Located): void {
  const selector = spec.raw('selector');
  const own = valueAt(deployment.object, 'spec', 'selector');
  if (selector === undefined || sameJson(selector, own)) return;
  const message = `selector differs from the one of Deployment ${deployment.object.metadata.name}`;
  spec.invalid('selector', message, { remedy: 'remove it: the selector of the Deployment counts' });
}
