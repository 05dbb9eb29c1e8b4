import { keyOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { gitManager, marks, rolloutManager } from '../domain/marks';
import type { MirrorPlace } from '../domain/recover-read';
import type { Cluster } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';

/** The ConfigMap `belay-<application>` beside the application: what Belay knows even without Temporal (promise 9). */
export interface Mirror {
  readonly inventory: readonly ObjectRef[];
  /** All of its keys; see `domain/recover-read.ts`. */
  readonly data: Readonly<Record<string, string>>;
}

/** `belay-<application>`. */
function mirrorName(application: string): string {
  return `belay-${application}`;
}

/** The reference to that ConfigMap. */
export function mirrorRef(application: string, namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: mirrorName(application) };
}

/** An empty one where there is none. Throws PortError `OwnedByAnother`, and `InvalidSpec` when its inventory is no JSON. */
export async function readMirror(
  cluster: Cluster,
  application: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<Mirror> {
  const live = await cluster.get(mirrorRef(application, namespace), signal);
  const data = (live?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const owner = live?.metadata.labels?.[marks.application];
  if (live !== undefined && owner !== application) {
    throw new PortError(
      `ConfigMap ${namespace}/${mirrorName(application)} exists and is not Belay's; rename it or the application`,
      {
        code: 'OwnedByAnother',
        retry: 'never',
      },
    );
  }
  return { inventory: inventoryIn(data, `ConfigMap ${namespace}/${mirrorName(application)}`), data };
}

function inventoryIn({ inventory = '[]' }: Readonly<Record<string, string>>, what: string): ObjectRef[] {
  try {
    const refs: unknown = JSON.parse(inventory);
    if (Array.isArray(refs)) return refs as ObjectRef[];
  } catch {
    // Said below.
  }
  throw new PortError(
    `${what}: data.inventory is no list; delete that key, it is written with the next sync`,
    {
      code: 'InvalidSpec',
      retry: 'never',
    },
  );
}

/** Writes what is given; the other key stays (each is applied by a manager of its own). */
export async function writeMirror(
  cluster: Cluster,
  application: string,
  namespace: string,
  part: { readonly inventory: readonly ObjectRef[] } | { readonly state: string },
): Promise<void> {
  const [key, value] =
    'state' in part ? ['state', part.state] : ['inventory', JSON.stringify([...part.inventory].sort(byKey))];
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: mirrorName(application), namespace, labels: { [marks.application]: application } },
    data: { [key]: value },
  };
  await cluster.apply(object, { manager: `${gitManager}-${key}` });
}

/**
 * Writes one more key into the mirror, and leaves the others. A merge patch, because server-side apply would drop what the same manager
 * has applied for another workload.
 */
export async function noteInMirror(
  cluster: Pick<Cluster, 'apply' | 'patch'>,
  { application, namespace }: MirrorPlace,
  data: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const ref = mirrorRef(application, namespace);
  const write = { manager: rolloutManager, ...(signal === undefined ? {} : { signal }) };
  try {
    await cluster.patch(ref, { data }, write);
  } catch (error: unknown) {
    if (!isPortError(error, 'NotFound')) throw error;
    const metadata = { name: ref.name, namespace, labels: { [marks.application]: application } };
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, write);
  }
}

function byKey(a: ObjectRef, b: ObjectRef): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
