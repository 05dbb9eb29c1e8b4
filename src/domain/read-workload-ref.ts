import type { Fields } from './fields';
import type { Located } from './located';
import { isMap, sameJson, valueAt } from './read-json';
import { reportUnknown } from './read-refusals';
import { namespaceOf, objectsOf, workloadKind, type Revision } from './read-revision';
import { didYouMean } from './read-suggestion';
import { requireField } from './read-with';

/**
 * The workload that a Rollout refers to by `workloadRef`; it must be in the same revision. A Deployment, as in Argo Rollouts, or a
 * StatefulSet or DaemonSet, which only Belay takes.
 */
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
  if (apiVersion !== 'apps/v1' || kind !== workloadKind(spec.source.located)) {
    const message = `a reference to a ${kind} of ${apiVersion} is not supported yet`;
    const remedy = 'refer to a Deployment, StatefulSet or DaemonSet of apps/v1';
    ref.report({ code: 'Unsupported', path: ref.path, message, value: kind, remedy });
    return undefined;
  }
  const namespace = namespaceOf(spec.source.located, revision);
  const candidates = objectsOf(revision, { group: 'apps', kind }, namespace);
  const found = candidates.find(({ object }) => object.metadata.name === name);
  if (found === undefined) return notFound(ref, { kind, name }, candidates);
  checkSelector(spec, found);
  return found;
}

function notFound(
  ref: Fields,
  { kind, name }: { readonly kind: string; readonly name: string },
  candidates: readonly Located[],
): undefined {
  const names = candidates.map(({ object }) => object.metadata.name);
  const remedy = didYouMean(name, names, 'add its manifest, or mend the name');
  ref.invalid('name', `${kind} ${name} is not in this revision`, { value: name, remedy });
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

function checkSelector(spec: Fields, { object }: Located): void {
  const selector = spec.raw('selector');
  if (selector === undefined || sameJson(selector, valueAt(object, 'spec', 'selector'))) return;
  const message = `selector differs from the one of ${object.kind} ${object.metadata.name}`;
  spec.invalid('selector', message, { remedy: `remove it: the selector of the ${object.kind} counts` });
}
