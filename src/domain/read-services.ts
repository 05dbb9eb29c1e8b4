import type { Fields } from './fields';
import type { Located } from './located';
import { isMap, valueAt } from './read-json';
import { namespaceOf, objectsOf, serviceKind, type Revision } from './read-revision';
import { didYouMean } from './read-suggestion';

/** Argo Rollouts pins its Services by this label; it is no label of the pod template. */
const pin = 'rollouts-pod-template-hash';

/** Fields that name a Service, by strategy: the one of all users first. */
export const serviceRoles = {
  canary: ['stableService', 'canaryService'],
  blueGreen: ['activeService', 'previewService'],
} as const;

/** Checks that the Services of a strategy are in the revision and select the pods of its template. */
export function checkServices(
  strategy: Fields,
  labels: Readonly<Record<string, string>>,
  revision: Revision,
): void {
  const services = objectsOf(revision, serviceKind, namespaceOf(strategy.source.located, revision));
  for (const kind of ['canary', 'blueGreen'] as const) {
    const fields = isMap(strategy.raw(kind)) ? strategy.map(kind) : undefined;
    for (const role of serviceRoles[kind]) {
      const name = fields?.raw(role);
      if (typeof name !== 'string' || name === '') continue;
      const service = services.find((each) => each.object.metadata.name === name);
      const wrong = service === undefined ? notFound(name, services) : whyNotSelecting(service, labels);
      if (wrong !== undefined) fields?.invalid(role, wrong.message, { value: name, remedy: wrong.remedy });
    }
  }
}

interface Wrong {
  readonly message: string;
  readonly remedy: string;
}

function notFound(name: string, services: readonly Located[]): Wrong {
  const remedy = didYouMean(
    name,
    services.map(({ object }) => object.metadata.name),
    'add its manifest, or mend the name',
  );
  return { message: `Service ${name} is not in this revision`, remedy };
}

function whyNotSelecting(service: Located, labels: Readonly<Record<string, string>>): Wrong | undefined {
  const { name } = service.object.metadata;
  const place = `${service.file}:${service.lineOf(['spec', 'selector']) ?? service.line}`;
  const selector = valueAt(service.object, 'spec', 'selector');
  const wanted = Object.entries(isMap(selector) ? selector : {}).filter(([key]) => key !== pin);
  if (wanted.length === 0) {
    return { message: `Service ${name} has no selector`, remedy: `write the labels of the pods at ${place}` };
  }
  const other = wanted.find(([key, value]) => labels[key] !== value);
  if (other === undefined) return undefined;
  const message = `Service ${name} selects ${other[0]}=${String(other[1])}, which the pods of this rollout do not have`;
  return { message, remedy: `make the selector at ${place} match` };
}
