import { setTimeout as sleep } from 'node:timers/promises';
import { applicationId } from '../../src/messages/application';
import { repositoryId } from '../../src/messages/repository';
import { rolloutWorkflowId } from '../../src/messages/rollout';
import { lookAtHistories } from './look-histories';
import { lookAtCluster, lookAtGit, readApplication } from './look';
import { brokenPromises, type Broken } from './promises';
import type { Scene } from './scene';
import type { Stage } from './stage';
import type { Told } from './stories';
import type { View } from './view';

/** What lags behind (an endpoint, a pod that goes, an outage that lasts) gets so long to become right. */
const patienceMs = 60_000;
const everyMs = 500;

/** Looks from outside at what a story has left, until every promise holds or it has had its time; answers what is still broken. */
export async function check(stage: Stage, scene: Scene, told: Told): Promise<readonly Broken[]> {
  for (const end = Date.now() + patienceMs; ; await sleep(everyMs)) {
    const broken = await look(stage, scene, told).then(
      (view) => brokenPromises(view, told.expected),
      (error: unknown): readonly Broken[] => [{ promise: 'it can be looked at', found: String(error) }],
    );
    if (broken.length === 0 || Date.now() > end) return broken;
  }
}

async function look(stage: Stage, scene: Scene, told: Told): Promise<View> {
  const { kube, client, temporalClient } = stage;
  const [cluster, git, status, histories] = await Promise.all([
    lookAtCluster(kube, scene.name),
    lookAtGit(scene.repository, told),
    client.applicationStatus(scene.name).catch(() => undefined),
    lookAtHistories(temporalClient, workflowsOf(stage, scene)),
  ]);
  const application = status === undefined ? undefined : readApplication(status);
  return { cluster, git, application, histories, pods: scene.pods.seen() };
}

function workflowsOf({ kube }: Stage, { name, repository }: Scene): readonly string[] {
  const workload = { cluster: kube.id, namespace: name, kind: 'Deployment', name: 'web' };
  return [applicationId(name), rolloutWorkflowId(workload), repositoryId(repository.url, 'main')];
}
