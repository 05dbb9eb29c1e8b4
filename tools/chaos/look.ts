import { asDeployment, asReplicaSet, asService } from '../../src/domain/apps';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { Cluster } from '../../src/ports/cluster';
import { path } from './manifests';
import type { StoryRepository } from './repository';
import type { SeenApplication, SeenCluster, SeenCommit, SeenGit, SeenWorkload } from './view';

/** Asks the API server what is in a namespace. */
export async function lookAtCluster(kube: Cluster, namespace: string): Promise<SeenCluster> {
  const list = (apiVersion: string, kind: string): Promise<readonly KubeObject[]> =>
    kube.list({ apiVersion, kind }, { namespace });
  const [deployments, sets, services, ingresses] = await Promise.all([
    list('apps/v1', 'Deployment'),
    list('apps/v1', 'ReplicaSet'),
    list('v1', 'Service'),
    list('networking.k8s.io/v1', 'Ingress'),
  ]);
  return {
    workloads: deployments.map(readWorkload),
    replicaSets: sets.map(asReplicaSet).map(({ metadata, spec }) => ({
      name: metadata.name,
      replicas: spec.replicas ?? 1,
      isParked: metadata.labels?.[marks.parked] !== undefined,
    })),
    selectors: Object.fromEntries(
      services.map(asService).map(({ metadata, spec }) => [metadata.name, spec.selector ?? {}]),
    ),
    ingresses: ingresses.map(({ metadata }) => metadata.name),
  };
}

function readWorkload(object: KubeObject): SeenWorkload {
  const { metadata, spec, status } = asDeployment(object);
  const [container] = (spec.template.spec['containers'] ?? []) as readonly { readonly image?: string }[];
  return {
    name: metadata.name,
    image: container?.image ?? '',
    replicas: spec.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    paused: spec.paused === true,
    isCanary: metadata.labels?.[marks.canaryOf] !== undefined,
  };
}

/** Asks Git. `last`: the last commit of people; `wanted`: the revision whose content must be in effect. */
export async function lookAtGit(
  { git }: StoryRepository,
  { last, wanted }: { readonly last: string; readonly wanted: string },
): Promise<SeenGit> {
  const listed = await git('rev-list', '--reverse', `${last}..refs/heads/main`);
  const revisions = listed.split('\n').filter((line) => line !== '');
  return {
    tree: await git('rev-parse', `refs/heads/main:${path}`),
    wantedTree: await git('rev-parse', `${wanted}:${path}`),
    after: await Promise.all(revisions.map((revision) => readCommit({ git }, revision))),
  };
}

async function readCommit({ git }: Pick<StoryRepository, 'git'>, revision: string): Promise<SeenCommit> {
  const trailers = async (key: string): Promise<readonly string[]> => {
    const format = `--format=%(trailers:key=${key},valueonly)`;
    return (await git('log', '-1', format, revision)).split('\n').filter((line) => line !== '');
  };
  const [bad] = await trailers('Belay-Bad-Revision');
  const runs = await trailers('Belay-Run');
  return { revision, runs, ...(bad === undefined ? {} : { bad }) };
}

export function readApplication({
  sync,
  health,
  held,
  operation,
  message,
}: ApplicationStatus): SeenApplication {
  return { sync, health, held, isBusy: operation !== undefined, message };
}
