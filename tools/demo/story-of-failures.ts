import { pauseSignal } from '../../src/messages/rollout';
import { backAgain, checkReverted, isOnlyWeb, isSame, type Play } from './checks';
import { configYaml, rolloutYaml } from './manifests';

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
