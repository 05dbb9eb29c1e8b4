import { isMap, valueAt } from './read-json';

/** A ConfigMap or Secret that a pod reads. `isOptional`: the pod starts without it. */
export interface ConfigRef {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly isOptional: boolean;
}

/** New names by `ConfigMap/name` and `Secret/name`. */
export type ConfigNames = Readonly<Record<string, string>>;

/** The `spec` of a pod or pod template. */
export type PodSpec = Readonly<Record<string, unknown>>;

/** What a reference becomes; called for every reference in the order of the pod spec. */
type Visit = (ref: ConfigRef) => string;

/**
 * Every ConfigMap and Secret that the containers and init containers of a pod read: env, envFrom, volumes, projected volumes.
 * One entry for each object, optional only if every reference to it is. Not ephemeral containers, and not what only the kubelet
 * reads for somebody else: imagePullSecrets, secrets of storage drivers (core/v1 PodSpec).
 */
export function configRefs(podSpec: PodSpec): readonly ConfigRef[] {
  const found = new Map<string, ConfigRef>();
  visitPod(podSpec, (ref) => {
    const key = `${ref.kind}/${ref.name}`;
    const isOptional = ref.isOptional && (found.get(key)?.isOptional ?? true);
    found.set(key, { ...ref, isOptional });
    return ref.name;
  });
  return [...found.values()];
}

/** The pod spec with every reference that `names` knows renamed; all else stays as it is. */
export function renameConfig(podSpec: PodSpec, names: ConfigNames): PodSpec {
  return visitPod(podSpec, ({ kind, name }) => {
    const key = `${kind}/${name}`;
    return Object.hasOwn(names, key) ? (names[key] ?? name) : name;
  });
}

function visitPod(podSpec: PodSpec, visit: Visit): PodSpec {
  const container = (value: unknown): unknown => visitContainer(value, visit);
  return visitList(
    visitList(visitList(podSpec, 'initContainers', container), 'containers', container),
    'volumes',
    (volume) => visitVolume(volume, visit),
  );
}

function visitContainer(value: unknown, visit: Visit): unknown {
  const withEnv = visitList(value, 'env', (entry) =>
    visitField(entry, 'valueFrom', (from) =>
      visitRef(visitRef(from, 'configMapKeyRef', visit), 'secretKeyRef', visit),
    ),
  );
  return visitList(withEnv, 'envFrom', (from) =>
    visitRef(visitRef(from, 'configMapRef', visit), 'secretRef', visit),
  );
}

function visitVolume(volume: unknown, visit: Visit): unknown {
  const plain = visitRef(visitRef(volume, 'configMap', visit), 'secret', visit);
  return visitField(plain, 'projected', (projected) =>
    visitList(projected, 'sources', (source) =>
      visitRef(visitRef(source, 'configMap', visit), 'secret', visit),
    ),
  );
}

/** `field` starts with the kind it refers to, everywhere in the pod API; only a Secret's volume says `secretName`. */
function visitRef(holder: unknown, field: string, visit: Visit): unknown {
  return visitField(holder, field, (ref) => {
    const nameField = valueAt(ref, 'secretName') === undefined ? 'name' : 'secretName';
    const name = valueAt(ref, nameField);
    if (!isMap(ref) || typeof name !== 'string') return ref;
    const kind = field.startsWith('secret') ? 'Secret' : 'ConfigMap';
    return { ...ref, [nameField]: visit({ kind, name, isOptional: ref['optional'] === true }) };
  });
}

function visitField<T>(holder: T, field: string, change: (value: unknown) => unknown): T {
  if (!isMap(holder) || !isMap(holder[field])) return holder;
  return { ...holder, [field]: change(holder[field]) };
}

function visitList<T>(holder: T, field: string, change: (value: unknown) => unknown): T {
  const list = isMap(holder) ? holder[field] : undefined;
  return Array.isArray(list) ? { ...holder, [field]: list.map(change) } : holder;
}
