import { keyOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { gitManager, marks } from '../domain/marks';
import type { Cluster } from '../ports/cluster';
import { PortError } from '../ports/port-error';

/** The ConfigMap `belay-<application>` beside the application: what Belay knows even without Temporal (promise 9). */
export interface Mirror {
  readonly inventory: readonly ObjectRef[];
  /** The application's mirrored state as JSON; see `domain/application-state.ts`. */
  readonly state: string | undefined;
}

/** `belay-<application>`. */
function mirrorName(application: string): string {
  return `belay-${application}`;
}

/** The reference to that ConfigMap. */
export function mirrorRef(application: string, namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: mirrorName(application) };
}

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
  return { inventory: JSON.parse(data['inventory'] ?? '[]') as ObjectRef[], state: data['state'] };
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

function byKey(a: ObjectRef, b: ObjectRef): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
