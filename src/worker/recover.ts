import { recallApplication } from '../activities/recall';
import { connectCluster } from '../adapters/cluster/connect';
import type { FoundApplication, MirrorOptions } from '../cli/recover-options';
import type { KubeObject } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { interruptedIn } from '../domain/recover';
import type { Cluster } from '../ports/cluster';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };

/**
 * The mirrors of applications in the clusters that were named, by name. Reads only. One that is broken or foreign comes with the reason;
 * a cluster that cannot be reached rejects with a PortError.
 */
export async function findApplications(options: MirrorOptions): Promise<readonly FoundApplication[]> {
  const { contexts, kubeconfig } = options;
  const found: FoundApplication[] = [];
  const seen = new Set<string>();
  for (const context of contexts) {
    const cluster = await connectCluster({ context, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
    try {
      if (!seen.has(cluster.id)) found.push(...(await findIn(cluster, context, options)));
      seen.add(cluster.id);
    } finally {
      cluster.close();
    }
  }
  return refuseTwins(found.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

/** The ConfigMaps that are mirrors: Git may hold ConfigMaps with the same label. */
export async function listMirrors(
  cluster: Cluster,
  { namespace, name }: { readonly namespace?: string; readonly name?: string },
): Promise<readonly { readonly application: string; readonly namespace: string }[]> {
  const labelSelector = name === undefined ? marks.application : `${marks.application}=${name}`;
  const options = { labelSelector, ...(namespace === undefined ? {} : { namespace }) };
  return (await cluster.list(configMap, options)).filter(isMirror).map(({ metadata }) => ({
    application: metadata.labels?.[marks.application] ?? '',
    namespace: metadata.namespace ?? '',
  }));
}

function isMirror({ metadata: { name, labels } }: KubeObject): boolean {
  return name === `belay-${labels?.[marks.application] ?? ''}`;
}

async function findIn(
  cluster: Cluster,
  context: string,
  { namespace, names }: MirrorOptions,
): Promise<readonly FoundApplication[]> {
  const places = await listMirrors(cluster, namespace === undefined ? {} : { namespace });
  const wanted = places.filter(({ application }) => names === undefined || names.includes(application));
  const found: FoundApplication[] = [];
  for (const place of wanted) {
    const head = { name: place.application, namespace: place.namespace, context };
    try {
      const { mirrored, live, state } = await recallApplication(cluster, place);
      const problem = wrongWith(cluster, mirrored.spec === undefined, state.cluster?.id);
      const interrupted = Object.keys(interruptedIn(mirrored, live));
      found.push(
        problem === undefined && mirrored.spec !== undefined
          ? { ...head, kind: 'readable', spec: mirrored.spec, state, interrupted }
          : { ...head, kind: 'broken', ...problem, message: problem?.message ?? '' },
      );
    } catch (error: unknown) {
      found.push({
        ...head,
        kind: 'broken',
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return found;
}

interface Wrong {
  readonly message: string;
  readonly remedy: string;
}

function wrongWith(cluster: Cluster, isWithoutSpec: boolean, id: string | undefined): Wrong | undefined {
  if (isWithoutSpec)
    return {
      message: 'its mirror holds no specification: no sync has ended yet',
      remedy: '`belay app create -f` it again; what the mirror knows is recalled',
    };
  if (id === undefined || id === cluster.id) return undefined;
  return {
    message: `its mirror is of the cluster ${id}, and this one is ${cluster.id}: it was copied`,
    remedy: 'name the context of that cluster; to deliver it here, `belay app create -f` it anew',
  };
}

/** A name is one application: nobody can say which of two mirrors is the newer one. */
function refuseTwins(found: readonly FoundApplication[]): readonly FoundApplication[] {
  return found.map((each) => {
    const twin = found.find((other) => other !== each && other.name === each.name);
    if (twin === undefined || each.kind === 'broken') return each;
    const { name, namespace, context } = each;
    const message = `there is another mirror of ${name}, in ${twin.namespace} of ${twin.context}`;
    const remedy = 'name one by --namespace and --context';
    return { name, namespace, context, kind: 'broken', message, remedy };
  });
}
