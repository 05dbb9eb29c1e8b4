import { nameOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import type { Project, Target } from '../domain/project/project';
import { forbids } from '../domain/project/violations';
import type { Cluster } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';

const remedy = 'remove the object, or allow it in the policy of the worker';
/** The ConfigMaps in which Belay remembers an application (`inventory.ts`): they need no permission of their own. */
const own = /^belay-/;

/**
 * A cluster in which only what a project allows can be written, tried or removed: everything that an application's activities do goes
 * through it, so the dry run before the first write finds whatever is forbidden.
 */
export function guardCluster(cluster: Cluster, project: Project, target: Target): Cluster {
  const forOwn = { ...project, namespacedDenied: [], namespacedAllowed: [{ group: '', kind: 'ConfigMap' }] };

  async function check(ref: ObjectRef): Promise<void> {
    const { apiVersion, kind, name, namespace } = ref;
    const rules = kind === 'ConfigMap' && own.test(name) ? forOwn : project;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    const place = { target, namespace: '' };
    const message = forbids(rules, { apiVersion, kind, metadata }, await isNamespaced(cluster, ref), place);
    if (message === undefined) return;
    const facts = { project: project.name, object: nameOf(ref) };
    throw new PortError(`${nameOf(ref)}: ${message}; ${remedy}`, {
      code: 'Forbidden',
      retry: 'never',
      facts,
    });
  }

  const guarded = Object.entries(cluster as unknown as Readonly<Record<string, unknown>>)
    .filter(([name]) => writes.has(name))
    .map(([name, write]) => [
      name,
      async (about: KubeObject | ObjectRef, ...rest: readonly unknown[]): Promise<unknown> => {
        await check('metadata' in about ? refOf(about) : about);
        return (write as Write)(about, ...rest);
      },
    ]);
  return { ...cluster, ...(Object.fromEntries(guarded) as Partial<Cluster>) };
}

/** Methods of a cluster that change an object, which is, or is named by, their first argument. */
const writes: ReadonlySet<string> = new Set(['create', 'apply', 'replace', 'patch', 'remove', 'evict']);
type Write = (about: unknown, ...rest: readonly unknown[]) => Promise<unknown>;

/** A kind that the server does not know (its CRD comes with the same sync) is judged by whether the object has a namespace. */
async function isNamespaced(cluster: Cluster, ref: ObjectRef): Promise<boolean> {
  try {
    return await cluster.isNamespaced(ref);
  } catch (error: unknown) {
    if (isPortError(error, 'KindNotFound')) return ref.namespace !== undefined;
    throw error;
  }
}
