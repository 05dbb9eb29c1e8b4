import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoRepository } from '../demo/repository';
import type { Stage } from '../demo/stage';
import type { Timeline } from '../demo/timeline';
import { createMembers, releaseEnded } from '../local/releases';
import { deployedVersions, watchServices } from '../local/service-versions';
import { configured, namespace, tree, waiting, watchEndpoints, type Play } from './play';
import { shopApplications, shopAt } from './shop';
import { brokenRelease } from './story-of-failure';

/** The whole story of the shop. */
export async function tell(stage: Stage, repository: DemoRepository, time: Timeline): Promise<void> {
  const applications = shopApplications(repository.url);
  await firstRelease(stage, { repository, time, applications });
  const traffic = await watchServices(stage.kube, namespace);
  const play = { stage, repository, time, traffic, applications };
  try {
    await endpointsAre(play, 'v1');
    await goodRelease(play);
    await brokenRelease(play);
  } finally {
    traffic.stop();
  }
}

async function firstRelease(
  stage: Stage,
  { repository, time, applications }: Pick<Play, 'repository' | 'time' | 'applications'>,
): Promise<void> {
  time.chapter(`1. ${applications.length} applications of one repository, which say what they depend on`);
  const revision = repository.push('The shop at v1', shopAt('v1'));
  time.start('belay app create -f application.yaml');
  await createMembers(stage.client, applications, { revision, timeoutMs: 180_000 });
  await stage.client.releases.waitFor(namespace, ({ releases }) => releases?.running === undefined, {
    timeoutMs: 60_000,
  });
  time.event(`all are Healthy at ${revision.slice(0, 7)}`);
  const versions = new Set((await deployedVersions(stage.kube, namespace)).values());
  time.check('every Deployment runs v1', [...versions].join() === 'v1', [...versions]);
}

/** One good commit: wave after wave, nobody loses an endpoint. */
async function goodRelease(play: Play): Promise<void> {
  const { stage, repository, time, applications } = play;
  time.chapter('2. One commit brings v2 of all of them');
  const checkEndpoints = watchEndpoints(play);
  const revision = repository.push('The shop at v2', shopAt('v2'));
  time.start('pushed v2');
  const release = await releaseEnded(stage.client, namespace, revision, waiting);
  time.event(`${release.id}: ${release.phase}: ${release.message}`);
  process.stdout.write(`\n${await tree(play)}\n\n`);
  time.check('the release is Healthy', release.phase === 'Healthy', release.message);
  time.check(
    `it brought out all ${applications.length} members`,
    Object.keys(release.members).length === applications.length,
    Object.keys(release.members),
  );
  const firstPod = firstPods(play, 'v2');
  const early = applications.flatMap(({ name, release: membership }) =>
    (membership?.dependsOn ?? [])
      .filter((other) => (firstPod.get(name) ?? Infinity) < (firstPod.get(other) ?? 0))
      .map((other) => `${name} before ${other}`),
  );
  time.check('no service got a pod of v2 before those that it depends on', early.length === 0, early);
  const versions = new Set((await deployedVersions(stage.kube, namespace)).values());
  time.check('every Deployment runs v2', [...versions].join() === 'v2', [...versions]);
  time.check('the database is at schema v2', (await configured(play, 'database', 'SCHEMA')) === 'v2');
  checkEndpoints();
}

/** When each application's first pod of a version was seen. */
function firstPods({ traffic }: Play, version: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const each of traffic.pods.values()) {
    const name = each.pod.metadata.labels?.['app'];
    if (each.version === version && name !== undefined)
      found.set(name, Math.min(found.get(name) ?? Infinity, each.seenAt));
  }
  return found;
}

/** The endpoints follow the pods by a moment. */
async function endpointsAre({ traffic }: Pick<Play, 'traffic'>, version: string): Promise<void> {
  for (;;) {
    const all = [...traffic.now().values()];
    if (all.length > 0 && all.every((each) => [...each].join() === version)) return;
    await sleep(50);
  }
}
