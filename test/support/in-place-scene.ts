import { viewInPlace, type InPlaceKind, type InPlaceView } from '../../src/domain/in-place-view';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';

/** A pod in a row: `new`, `old`, each also `-broken` (not ready) or `-going` (being deleted); `none`: it is not there. */
export type PodState = 'new' | 'old' | 'new-broken' | 'old-broken' | 'new-going' | 'old-going' | 'none';

export interface Scene {
  readonly kind: InPlaceKind;
  readonly pods: readonly PodState[];
  readonly spec?: object;
  readonly status?: object;
  /** The rollout whose template it has; default `r2`. */
  readonly rolloutId?: string;
  /** The rollout of the newest ControllerRevision that the view knows; default as the template. */
  readonly revised?: string;
  readonly generation?: number;
}

/** A StatefulSet `db` with pods `db-0` …, or a DaemonSet with pods on `node-1` …, as one look finds them. */
export function scene(given: Scene): InPlaceView {
  const { kind, pods, spec, status, rolloutId = 'r2', revised = rolloutId, generation = 1 } = given;
  const template = (id: string): object => ({
    metadata: { labels: { app: 'db', [marks.rollout]: id } },
    spec: {},
  });
  const size = kind === 'StatefulSet' ? { replicas: pods.length } : {};
  const workload: KubeObject = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'db', namespace: 'shop', uid: 'uid-db', generation },
    spec: { ...size, selector: { matchLabels: { app: 'db' } }, template: template(rolloutId), ...spec },
    status: {
      observedGeneration: 1,
      ...(kind === 'StatefulSet'
        ? { updateRevision: 'db-new', currentRevision: 'db-old' }
        : { desiredNumberScheduled: pods.length }),
      ...status,
    },
  };
  const revision = (hash: string, number: number, id: string): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: owned(`db-${hash}`, { 'controller-revision-hash': hash }),
    revision: number,
    data: { spec: { template: template(id) } },
  });
  const objects: Readonly<Record<string, readonly KubeObject[]>> = {
    [kind]: [workload],
    ControllerRevision: [revision('new', 2, revised), revision('old', 1, 'r1')],
    Pod: pods.flatMap((state, index) => (state === 'none' ? [] : [podOf(kind, state, index)])),
    Event: [],
  };
  return viewInPlace((each) => objects[each] ?? [], kind, 'db');
}

function podOf(kind: InPlaceKind, state: PodState, index: number): KubeObject {
  const [version = '', trouble] = state.split('-');
  const name = kind === 'StatefulSet' ? `db-${index}` : `db-x${9 - index}`;
  const hash = kind === 'StatefulSet' ? `db-${version}` : version;
  const metadata = owned(name, { 'controller-revision-hash': hash });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: trouble === 'going' ? { ...metadata, deletionTimestamp: '2026-03-01T03:00:00Z' } : metadata,
    spec: { nodeName: `node-${index + 1}` },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: trouble === 'broken' ? 'False' : 'True',
          lastTransitionTime: '2026-03-01T03:00:00Z',
        },
      ],
    },
  };
}

function owned(name: string, labels: Readonly<Record<string, string>>): KubeObject['metadata'] {
  return {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    labels,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Any', name: 'db', uid: 'uid-db', controller: true }],
  };
}
