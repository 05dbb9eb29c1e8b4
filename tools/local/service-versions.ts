import { asDeployment } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster, NamespaceView } from '../../src/ports/cluster';
import { endpointsByService, watchView } from './watched-view';

/** Which versions the Services of a namespace send users to, as the cluster says it, at every moment. A version is the tag of an image. */
export interface ServiceVersions {
  /** Versions behind each Service now; previews of a blue-green deployment are nobody's traffic and not among them. */
  now(): ReadonlyMap<string, ReadonlySet<string>>;
  /** Epoch milliseconds since when no Service has an endpoint of the version; undefined while one has. */
  freeOf(version: string): number | undefined;
  /** The lowest number of ready endpoints of a Service since the last `mark`. */
  lowest(service: string): number;
  /** Pods that ever were, by name, with the moment in which each was seen first. */
  readonly pods: ReadonlyMap<string, SeenPod>;
  mark(): void;
  stop(): void;
}

export interface SeenPod {
  readonly pod: KubeObject;
  readonly version: string;
  readonly seenAt: number;
  /** When the kubelet first said that a container cannot start. */
  readonly stuckAt?: number;
}

/** Watches pods and endpoints by the live view, so that no moment is missed. */
export async function watchServices(kube: Cluster, namespace: string): Promise<ServiceVersions> {
  const pods = new Map<string, SeenPod>();
  const low = new Map<string, number>();
  const goneAt = new Map<string, number>();
  let markedAt = Date.now();
  let versions = new Map<string, ReadonlySet<string>>();

  function look(live: NamespaceView): void {
    const at = Date.now();
    for (const pod of live.objects('Pod'))
      pods.set(pod.metadata.name, seen(pod, pods.get(pod.metadata.name), at));
    const before = new Set([...versions.values()].flatMap((each) => [...each]));
    // Traffic of a preview is nobody's.
    const ready = [...endpointsByService(live)].filter(([service]) => !service.endsWith('-preview'));
    versions = new Map(ready.map(([service, names]) => [service, tagsOf(names, pods)]));
    const after = new Set([...versions.values()].flatMap((each) => [...each]));
    for (const version of before) if (!after.has(version)) goneAt.set(version, at);
    for (const [service, names] of ready)
      low.set(service, Math.min(low.get(service) ?? Infinity, names.length));
  }
  const { live, stop } = await watchView(kube, namespace, look);
  return {
    now: () => versions,
    freeOf: (version) =>
      [...versions.values()].some((each) => each.has(version))
        ? undefined
        : (goneAt.get(version) ?? markedAt),
    lowest: (service) => low.get(service) ?? 0,
    pods,
    mark: () => {
      low.clear();
      goneAt.clear();
      markedAt = Date.now();
      look(live);
    },
    stop,
  };
}

/** The version of each Deployment of a namespace. */
export async function deployedVersions(
  kube: Cluster,
  namespace: string,
): Promise<ReadonlyMap<string, string>> {
  const deployments = await kube.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace });
  return new Map(
    deployments.map(asDeployment).map(({ metadata, spec }) => [metadata.name, versionOf(spec.template.spec)]),
  );
}

function tagsOf(names: readonly string[], pods: ReadonlyMap<string, SeenPod>): ReadonlySet<string> {
  return new Set(names.flatMap((name) => pods.get(name)?.version ?? []));
}

function seen(pod: KubeObject, before: SeenPod | undefined, at: number): SeenPod {
  const stuckAt = before?.stuckAt ?? (isStuck(pod) ? at : undefined);
  return {
    pod,
    version: before?.version ?? versionOf(pod['spec']),
    seenAt: before?.seenAt ?? at,
    ...(stuckAt === undefined ? {} : { stuckAt }),
  };
}

function versionOf(podSpec: unknown): string {
  const { containers } = podSpec as { readonly containers: readonly { readonly image: string }[] };
  return containers[0]?.image.split(':').at(-1) ?? '';
}

function isStuck(pod: KubeObject): boolean {
  const { containerStatuses = [] } = (pod['status'] ?? {}) as {
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string } };
    }[];
  };
  return containerStatuses.some(({ state }) => /^Err|BackOff$|Error$/.test(state?.waiting?.reason ?? ''));
}
