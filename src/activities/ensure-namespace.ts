import { isDeepStrictEqual } from 'node:util';
import type { ApplicationSpec, NamespaceMetadata } from '../domain/application-spec';
import { refOf, type KubeObject } from '../domain/kube-object';
import { gitManager } from '../domain/marks';
import { PortError } from '../ports/port-error';
import type { Cluster } from '../ports/cluster';
import type { Beat } from './beating';
import type { Selected } from './selection';

/**
 * `CreateNamespace=true` comes before the dry run, as in Argo CD: nothing in it could be tried otherwise. Its
 * `managedNamespaceMetadata` is kept up by a field manager of its own, so that what it no longer names goes away.
 */
export async function ensureNamespace(
  cluster: Cluster,
  spec: ApplicationSpec,
  selected: readonly Selected[],
  { signal }: Beat,
): Promise<void> {
  const name = spec.destination.namespace;
  const inGit = selected.find(({ object }) => object.kind === 'Namespace' && object.metadata.name === name);
  if (!spec.createNamespace && inGit === undefined) return;
  const bare: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const live = await cluster.get(refOf(bare), signal);
  if (live === undefined) await cluster.apply(inGit?.object ?? bare, { manager: gitManager, signal });
  if (spec.createNamespace && spec.namespaceMetadata !== undefined)
    await keepMetadata(cluster, live ?? bare, { spec, wanted: spec.namespaceMetadata, signal });
}

const managed = 'belay.dev/namespace-of';

interface Keeping {
  readonly spec: ApplicationSpec;
  readonly wanted: NamespaceMetadata;
  readonly signal: AbortSignal;
}

/** Two applications that want different metadata for one namespace would take turns: the second is refused. */
async function keepMetadata(
  cluster: Cluster,
  live: KubeObject,
  { spec, wanted, signal }: Keeping,
): Promise<void> {
  const { name, labels = {}, annotations = {} } = live.metadata;
  const owner = annotations[managed];
  if (owner !== undefined && owner !== spec.name)
    throw new PortError(
      `the metadata of namespace ${name} is kept by the application ${owner}; remove managedNamespaceMetadata here or there`,
      { code: 'OwnedByAnother', retry: 'never', facts: { namespace: name, application: owner } },
    );
  const metadata = {
    name,
    labels: wanted.labels,
    annotations: { ...wanted.annotations, [managed]: spec.name },
  };
  const isKept = isDeepStrictEqual(
    [
      { ...labels, ...metadata.labels },
      { ...annotations, ...metadata.annotations },
    ],
    [labels, annotations],
  );
  const hasOurs = (live.metadata.managedFields ?? []).some((each) => each.manager === manager);
  if (isKept && hasOurs && ownsOnly(live, wanted)) return;
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { manager, signal });
}

const manager = `${gitManager}-namespace`;

/** Whether our manager owns nothing that is no longer wanted. */
function ownsOnly(live: KubeObject, wanted: NamespaceMetadata): boolean {
  const entry = (live.metadata.managedFields ?? []).find((each) => each.manager === manager);
  const fields = entry?.['fieldsV1'] as
    { readonly 'f:metadata'?: Readonly<Record<string, Readonly<Record<string, unknown>>>> } | undefined;
  const names = (key: string): readonly string[] =>
    Object.keys(fields?.['f:metadata']?.[key] ?? {}).flatMap((each) =>
      each.startsWith('f:') ? [each.slice(2)] : [],
    );
  return (
    names('f:labels').every((each) => Object.hasOwn(wanted.labels, each)) &&
    names('f:annotations').every((each) => each === managed || Object.hasOwn(wanted.annotations, each))
  );
}
