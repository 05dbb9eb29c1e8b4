import { setTimeout as sleep } from 'node:timers/promises';
import type { ReleaseState } from '../../src/domain/release/state';
import { brings, releaseEnded, releaseOnce } from '../local/releases';
import { deployedVersions } from '../local/service-versions';
import { configured, migrations, namespace, tree, waiting, watchEndpoints, type Play } from './play';
import { shopAt } from './shop';

/** The last service of a release cannot start: everything comes back. */
export async function brokenRelease(play: Play): Promise<void> {
  const { stage, repository, time, applications } = play;
  time.chapter(
    '3. One commit brings v3 of all of them, and the image of the frontend, which comes last, does not exist',
  );
  const checkEndpoints = watchEndpoints(play);
  const good = repository.git('rev-parse', 'main');
  const bad = repository.push('The shop at v3', shopAt('v3', 'frontend'));
  time.start('pushed v3');
  const { verdict } = await releaseOnce(
    stage.client,
    namespace,
    (release) => brings(release, bad) && release.verdict !== undefined,
    waiting,
  );
  time.event(
    `known: ${verdict?.kind === 'failed' ? `${verdict.member}: ${verdict.sentence}` : (verdict?.kind ?? '')}`,
  );
  process.stdout.write(`\n${await tree(play)}\n\n`);
  const release = await releaseEnded(stage.client, namespace, bad, waiting);
  time.event(`${release.id}: ${release.phase}: ${release.message}`);
  process.stdout.write(`\n${await tree(play)}\n\n`);
  time.check('the release went back', release.phase === 'Degraded', release.message);
  checkTimes(play, verdict);
  checkOrder(play);
  await checkCluster(play);
  checkEndpoints();
  checkGit(play, { good, bad });
  time.check(
    `all ${applications.length} members are settled`,
    Object.values(release.members).every(({ stage }) => stage === 'settled'),
    Object.values(release.members).map(({ application, stage }) => `${application}: ${stage}`),
  );
}

/** Measured from the cluster: the kubelet's first word of trouble, and the last endpoint of v3 behind any Service. */
function checkTimes({ time, traffic }: Play, verdict: ReleaseState['verdict']): void {
  const stuck = [...traffic.pods.values()].flatMap(({ version, stuckAt }) =>
    version === 'v3-broken' && stuckAt !== undefined ? [stuckAt] : [],
  );
  const seenAt = Math.min(...stuck);
  const backAt = traffic.freeOf('v3') ?? Infinity;
  const knownAt = verdict?.at ?? Infinity;
  time.within(
    'the kubelet says that a pod cannot start → the release has failed',
    5,
    (knownAt - seenAt) / 1000,
  );
  time.within('failure known → no Service sends anybody to v3', 5, Math.max(0, backAt - knownAt) / 1000);
}

/** Traffic first, then the migration. */
function checkOrder({ time, traffic }: Play): void {
  const done = migrations({ traffic }, 'v3');
  time.check('the migration ran once, and was taken back once', done.join() === 'up,down', done);
  const down = [...traffic.pods.values()].find(
    ({ pod, version }) => version === 'v3' && JSON.stringify(pod['spec']).includes('["down"]'),
  );
  time.check(
    'it was taken back after the traffic',
    (down?.seenAt ?? 0) >= (traffic.freeOf('v3') ?? Infinity),
  );
}

async function checkCluster(play: Play): Promise<void> {
  const { stage, time } = play;
  const deployed = () => deployedVersions(stage.kube, namespace);
  const old = await isWithin(10_000, async () =>
    [...(await deployed()).values()].every((each) => each === 'v2'),
  );
  const now = await deployed();
  time.check('every Deployment is at v2, and none of v3 is left', old, [...now]);
  time.check('the database is at schema v2', (await configured(play, 'database', 'SCHEMA')) === 'v2');
  time.check('the flags are those of v2', (await configured(play, 'feature-flags', 'REVISION')) === 'v2');
}

function checkGit(
  { repository, time }: Play,
  { good, bad }: { readonly good: string; readonly bad: string },
): void {
  const commits = repository.git('rev-list', '--count', `${bad}..main`);
  time.check('exactly one revert commit on top of the bad one', commits === '1', commits);
  const isEqual =
    repository.git('rev-parse', 'main:services') === repository.git('rev-parse', `${good}:services`);
  time.check('all services in Git are as at the last good commit', isEqual);
  const release = repository.git('log', '-1', '--format=%(trailers:key=Belay-Release,valueonly)', 'main');
  time.check('the commit says which release it takes back', release.includes('shop'), release);
  process.stdout.write(`\n${repository.git('log', '-1', '--format=%B', 'main')}\n`);
}

async function isWithin(ms: number, look: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) if (await look()) return true;
  return false;
}
