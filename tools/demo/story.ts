import { readApplicationFile } from '../../src/adapters/manifests/read-application-file';
import { asDeployment } from '../../src/domain/apps';
import { pauseSignal } from '../../src/messages/rollout';
import type { Cast } from './cast';
import { applicationYaml, configYaml, rolloutYaml, serviceYaml } from './manifests';
import type { DemoRepository } from './repository';
import type { Stage } from './stage';
import type { Timeline } from './timeline';

/** What every chapter plays with. */
export interface Play {
  readonly stage: Stage;
  readonly repository: DemoRepository;
  readonly cast: Cast;
  readonly time: Timeline;
}

/** Writes version 1 to Git and delivers it; answers its revision. */
export async function firstVersion(
  stage: Stage,
  repository: DemoRepository,
  time: Timeline,
): Promise<string> {
  time.chapter(
    '1. A repository with k8-manifests/ (a Rollout, a Service, a ConfigMap) becomes an application',
  );
  const revision = repository.push('Deploy v1', {
    'rollout.yaml': rolloutYaml({ tag: 'v1' }),
    'service.yaml': serviceYaml,
    'config.yaml': configYaml('hello'),
  });
  const read = readApplicationFile(applicationYaml(repository.url), 'application.yaml');
  const [spec] = read.ok ? read.value : [];
  if (spec === undefined) throw new Error('the demo application does not read');
  time.start('belay app create -f application.yaml');
  await stage.client.createApplication(spec);
  const status = await stage.client.waitFor(
    'shop',
    ({ health, sync, operation }) => health === 'Healthy' && sync === 'Synced' && operation === undefined,
    { timeoutMs: 60_000 },
  );
  time.event(`Healthy at ${revision.slice(0, 7)}`);
  time.check(
    'the application is Synced and Healthy at the pushed revision',
    status.state.synced === revision,
    status.state.synced,
  );
  return revision;
}

/** A good push: canary, promotion, no pod restarted. */
export async function goodPush({ repository, cast, time }: Play): Promise<void> {
  time.chapter('2. git push of v2: a canary of 20, 50, 100 %, then promoted');
  cast.mark();
  const before = cast.readyPods().length;
  const revision = repository.push('Deploy v2', { 'rollout.yaml': rolloutYaml({ tag: 'v2' }) });
  time.start('pushed v2');
  for (const weight of [20, 50, 100]) {
    await cast.until(
      `weight ${weight} is reached`,
      async () => ((await cast.rollout())?.weight ?? 0) >= weight,
    );
    time.event(`canary at ${weight} %`);
  }
  const status = await healthyAt({ cast }, revision);
  time.event('promoted');
  const v2 = [...cast.everSeen.values()].filter((pod) => JSON.stringify(pod['spec']).includes('web:v2'));
  time.check(
    'not one pod was restarted by the promotion: five pods of v2 were ever started',
    v2.length === 5,
    v2.length,
  );
  time.check(
    `at no moment fewer ready endpoints than before (${before})`,
    cast.lowest() >= before,
    cast.lowest(),
  );
  time.check('no canary object is left', isOnlyWeb(cast), cast.deployments());
  time.check('Healthy at the pushed revision', status.state.synced === revision, status.state.synced);
}

/** A broken push, and the worker killed in the middle of the rollback. */
export async function brokenPush({ stage, repository, cast, time }: Play): Promise<void> {
  time.chapter(
    '3. git push of v3-broken: an image that cannot be pulled; the worker is killed in the middle of the rollback',
  );
  const before = cast.readyPods();
  cast.mark();
  const good = repository.git('rev-parse', 'main');
  const bad = repository.push('Deploy v3', { 'rollout.yaml': rolloutYaml({ tag: 'v3-broken' }) });
  const pushed = Date.now();
  time.start('pushed v3-broken');
  const failed = await cast.until('the failure is known', async () => {
    const rollout = await cast.rollout();
    return rollout?.spec.target.revision === bad ? rollout.failure : undefined;
  });
  time.event(`found: ${failed.code}: ${failed.sentence}`);
  stage.worker.kill('SIGKILL');
  await stage.worker.gone();
  time.event('the worker was killed with SIGKILL in the middle of the rollback; starting another');
  await stage.restartWorker();
  time.event('a worker is back');
  const status = await backAgain({ cast }, bad);
  const back = (status.state.history[0]?.at ?? Date.now()) - pushed;
  time.event(`everything is back; Git reverted by ${(status.state.lastRevert?.revision ?? '').slice(0, 7)}`);
  time.within('broken push → failure known', 5, (failed.at - pushed) / 1000);
  time.within(
    'broken push → traffic back, canary gone, Git reverted, Healthy (with the kill)',
    10,
    back / 1000,
  );
  checkReverted({ repository, time, good, bad });
  time.check(
    'users stayed on the good version: the same pods, never fewer ready endpoints',
    isSame(before, cast.readyPods()) && cast.lowest() >= before.length,
    cast.lowest(),
  );
  time.check('no canary object is left', isOnlyWeb(cast), cast.deployments());
}

/** Drift by hand. */
export async function scaleByHand({ stage, cast, time }: Play): Promise<void> {
  time.chapter('4. kubectl scale deployment web --replicas=2, by hand');
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  await stage.kube.patch(ref, { spec: { replicas: 2 } }, { manager: 'kubectl' });
  time.start('scaled to 2');
  await cast.until('it is healed', async () => {
    const live = await stage.kube.get(ref);
    return live !== undefined && asDeployment(live).spec.replicas === 5;
  });
  time.event('healed: 5 again');
  await cast.until('five pods are ready', () => cast.readyPods().length === 5);
  time.check('five pods are ready again', cast.readyPods().length === 5);
}

/** A configuration that makes the new pods crash; stable never sees it. */
export async function badConfig({ stage, repository, cast, time }: Play): Promise<void> {
  time.chapter('5. git push of a ConfigMap that makes the pods crash');
  const before = cast.readyPods();
  const good = repository.git('rev-parse', 'main');
  const plain = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'web-config' };
  const versionBefore = (await stage.kube.get(plain))?.metadata.resourceVersion;
  const bad = repository.push('Greet in another way', {
    'config.yaml': configYaml('boom'),
    'rollout.yaml': rolloutYaml({ tag: 'v2', behavior: 'crash' }),
  });
  const pushed = Date.now();
  time.start('pushed the new configuration');
  const status = await backAgain({ cast }, bad);
  time.event(`found: ${status.state.lastFailure?.code ?? ''}: ${status.state.lastFailure?.sentence ?? ''}`);
  time.event(`everything is back; Git reverted by ${(status.state.lastRevert?.revision ?? '').slice(0, 7)}`);
  time.within('push → failure known', 5, ((status.state.lastFailure?.at ?? Infinity) - pushed) / 1000);
  checkReverted({ repository, time, good, bad });
  const names = before.map((name) => JSON.stringify(cast.everSeen.get(name)?.['spec']));
  const live = await stage.kube.get(plain);
  time.check(
    'the stable pods are the same ones, and the ConfigMap they started with was not written',
    isSame(before, cast.readyPods()) && live?.metadata.resourceVersion === versionBefore,
  );
  const copies = await stage.kube.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace: 'shop' });
  const booms = copies
    .filter((each) => JSON.stringify(each['data'] ?? {}).includes('boom'))
    .map((each) => each.metadata.name);
  time.check(
    'no stable pod refers to the bad configuration',
    booms.every((name) => !names.some((spec) => spec?.includes(name))),
    booms,
  );
}

/** Pause by a signal, resume, abort. */
export async function pauseAndAbort({ stage, repository, cast, time }: Play): Promise<void> {
  time.chapter('6. git push of v6; paused by signal in the middle of its canary, resumed, then aborted');
  const good = repository.git('rev-parse', 'main');
  const bad = repository.push('Deploy v6', { 'rollout.yaml': rolloutYaml({ tag: 'v6' }) });
  time.start('pushed v6');
  await cast.until('the canary carries 20 %', async () => {
    const rollout = await cast.rollout();
    return rollout?.spec.target.revision === bad && rollout.weight >= 20;
  });
  const [workflowId] = (await cast.app()).rollouts;
  time.event(`canary at 20 %; sending the signal pauseRequested to ${workflowId ?? '?'}`);
  await stage.temporalClient.workflow
    .getHandle(workflowId ?? '')
    .signal(pauseSignal, { requestedBy: 'demo', reason: 'lunch' });
  await cast.until('it is paused', async () => (await cast.rollout())?.pausedBy !== undefined);
  await cast.until('it holds', async () => (await cast.rollout())?.message.startsWith('paused by') === true);
  time.event('paused');
  time.check('it holds at 20 %', (await cast.rollout())?.weight === 20, (await cast.rollout())?.weight);
  await stage.client.resume('shop');
  await cast.until('it goes on to 50 %', async () => ((await cast.rollout())?.weight ?? 0) >= 50);
  time.event('resumed; canary at 50 %');
  await stage.client.abort('shop', { reason: 'changed my mind' });
  const status = await backAgain({ cast }, bad);
  time.event(`aborted; Git reverted by ${(status.state.lastRevert?.revision ?? '').slice(0, 7)}`);
  checkReverted({ repository, time, good, bad });
  time.check('no canary object is left', isOnlyWeb(cast), cast.deployments());
}

async function healthyAt({ cast }: Pick<Play, 'cast'>, revision: string) {
  return cast.until(`Healthy at ${revision.slice(0, 7)}`, async () => {
    const status = await cast.app();
    return status.state.synced === revision && status.health === 'Healthy' && status.operation === undefined
      ? status
      : undefined;
  });
}

async function backAgain({ cast }: Pick<Play, 'cast'>, bad: string) {
  return cast.until('everything is back', async () => {
    const status = await cast.app().catch(() => undefined); // no worker answers while it is killed
    const isBack =
      status?.state.lastRevert?.bad === bad &&
      status.health === 'Healthy' &&
      status.sync === 'Synced' &&
      status.operation === undefined;
    return isBack ? status : undefined;
  });
}

function checkReverted({
  repository,
  time,
  good,
  bad,
}: {
  repository: DemoRepository;
  time: Timeline;
  good: string;
  bad: string;
}): void {
  const commits = repository.git('rev-list', '--count', `${bad}..main`);
  time.check('exactly one revert commit on top of the bad one', commits === '1', commits);
  const isEqual =
    repository.git('rev-parse', 'main:k8-manifests') === repository.git('rev-parse', `${good}:k8-manifests`);
  time.check("Git's path equals the last good tree", isEqual);
}

function isOnlyWeb(cast: Cast): boolean {
  return cast.deployments().join() === 'web';
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
