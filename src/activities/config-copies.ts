import { composeObject } from '../domain/compose';
import type { KubeObject } from '../domain/kube-object';
import { gitManager, marks } from '../domain/marks';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Cluster } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import type { LoadedWorkload } from './load';

type Target = Pick<RolloutSpec, 'application' | 'namespace'>;

/**
 * Gives the new version its own immutable copies of the configuration that Git renders for it, under content-hashed names; what
 * stable uses is not touched (DESIGN 4, "Config travels with the version").
 */
export async function copyConfig(
  cluster: Cluster,
  spec: Target,
  workload: LoadedWorkload,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    workload.config.map(async ({ source, hashedName }) => {
      const copy = copyOf(source.object, hashedName, spec);
      try {
        await cluster.create(copy, { manager: gitManager, signal });
      } catch (error: unknown) {
        if (!isPortError(error, 'Conflict')) throw error;
        const live = await cluster.get(
          { apiVersion: 'v1', kind: copy.kind, namespace: spec.namespace, name: hashedName },
          signal,
        );
        if (live?.metadata.labels?.[marks.application] !== spec.application)
          throw foreign(copy.kind, hashedName);
      }
    }),
  );
}

function copyOf(object: KubeObject, name: string, { application, namespace }: Target): KubeObject {
  const { metadata: _metadata, ...content } = object;
  return {
    ...composeObject(
      { ...content, apiVersion: 'v1', kind: object.kind, metadata: { name } },
      { application, namespace },
    ),
    immutable: true,
  };
}

/**
 * The copies live as long as a ReplicaSet (or ControllerRevision) that uses them: the garbage collector removes them with the last
 * one. False when one is not there: it was an earlier try's, and the garbage collector was quicker.
 */
export async function ownCopies(
  cluster: Cluster,
  spec: Target,
  workload: LoadedWorkload,
  user: KubeObject,
): Promise<boolean> {
  const owner = {
    apiVersion: 'apps/v1',
    kind: user.kind,
    name: user.metadata.name,
    uid: user.metadata.uid ?? '',
  };
  for (const { source, hashedName } of workload.config) {
    const ref = { apiVersion: 'v1', kind: source.object.kind, namespace: spec.namespace, name: hashedName };
    for (;;) {
      const live = await cluster.get(ref);
      const owners = live?.metadata.ownerReferences ?? [];
      if (live === undefined) return false;
      if (owners.some((each) => each.uid === owner.uid)) break;
      const metadata = {
        resourceVersion: live.metadata.resourceVersion,
        ownerReferences: [...owners, owner],
      };
      try {
        await cluster.patch(ref, { metadata }, { manager: gitManager });
        break;
      } catch (error: unknown) {
        if (!isPortError(error, 'Conflict', 'NotFound')) throw error;
      }
    }
  }
  return true;
}

/** Copies that no ReplicaSet ever used (the rollout ended before one existed) are removed by name. */
export async function dropUnusedCopies(
  cluster: Cluster,
  spec: Target,
  workload: LoadedWorkload,
): Promise<void> {
  for (const { source, hashedName } of workload.config) {
    const ref = { apiVersion: 'v1', kind: source.object.kind, namespace: spec.namespace, name: hashedName };
    const live = await cluster.get(ref);
    if (live === undefined || (live.metadata.ownerReferences ?? []).length > 0 || live['immutable'] !== true)
      continue;
    await cluster.remove(ref, { propagation: 'Background', uid: live.metadata.uid ?? '' });
  }
}

function foreign(kind: string, name: string): PortError {
  return new PortError(`a ${kind} ${name} exists that is not this application's; delete it or rename yours`, {
    code: 'OwnedByAnother',
    retry: 'never',
    facts: { kind, name },
  });
}
