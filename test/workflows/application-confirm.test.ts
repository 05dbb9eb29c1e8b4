import * as messages from '../../src/messages/application';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, failed, revisionOf } from '../support/workflow-fakes';
import { openGoodShop, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const hour = 3_600_000;

/** An application whose bad version has failed, and whose Git waits for an hour. */
async function openWaiting(isBad: (version: string) => boolean): Promise<Shop> {
  const shop = await openGoodShop(environment, {
    scripts: {
      reachWeight: ({ spec }) => (isBad(spec.version) ? failed('pod crashes', 'CrashLoop') : done),
    },
    spec: { writeBackOptions: { confirmMs: hour } },
  });
  await shop.push('v2', { web: 'web-bad' });
  await waiting(shop);
  return shop;
}

async function waiting(shop: Shop): Promise<void> {
  await shop.until(
    ({ state, operation }) =>
      state.unconfirmedFailure !== undefined && operation?.message.includes('Git waits') === true,
  );
}

const always = (version: string): boolean => version === 'web-bad';

test('traffic goes back at once, and Git when the time is over', async () => {
  const shop = await openWaiting(always);
  expect(shop.cluster.trace).toContain('removeCanary');
  expect(shop.restores).toEqual([]);
  expect((await shop.status()).state.quarantine['web-bad']).toBeDefined();
  await environment.env.sleep('61 minutes');
  const { state } = await shop.synced('r1');
  expect(state.unconfirmedFailure).toBeUndefined();
  expect(state.lastRevert).toMatchObject({ bad: revisionOf('v2'), good: revisionOf('v1') });
  await record('confirmed-by-time', shop.handle);
});

test('a retry that succeeds leaves Git as it is', async () => {
  let isFlaky = true;
  const shop = await openWaiting((version) => isFlaky && always(version));
  isFlaky = false;
  await shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] });
  await shop.synced('v2');
  expect(shop.restores).toEqual([]);
});

test('a second failure confirms the first: Git goes back without more waiting', async () => {
  const shop = await openWaiting(always);
  await shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] });
  await shop.synced('r1');
  expect(shop.restores).toHaveLength(1);
});

test('a fix on top is tried, and Git is not written', async () => {
  const shop = await openWaiting(always);
  await shop.push('fix', { web: 'web-3' });
  await shop.synced('fix');
  expect(shop.restores).toEqual([]);
});

test('a commit on top that holds the bad version goes on waiting, and goes back with it', async () => {
  const shop = await openWaiting(always);
  await shop.push('readme', { web: 'web-bad' });
  await shop.until(({ operation }) => operation?.revision === revisionOf('readme'));
  await waiting(shop);
  expect(shop.restores).toEqual([]);
  await environment.env.sleep('61 minutes');
  await shop.synced('r1');
  expect(shop.restores[0]?.badRevision).toBe(revisionOf('readme'));
});

test('what else a person asks meanwhile is done, and the wait goes on', async () => {
  const shop = await openWaiting(always);
  const { unconfirmedFailure } = (await shop.status()).state;
  await shop.handle.executeUpdate(messages.syncUpdate, { args: [ada] });
  await waiting(shop);
  expect((await shop.status()).state.unconfirmedFailure?.until).toBe(unconfirmedFailure?.until);
  expect(shop.restores).toEqual([]);
  await environment.env.sleep('61 minutes');
  await shop.synced('r1');
});

test('it can be deleted meanwhile with --now', async () => {
  const shop = await openWaiting(always);
  const request = { ...ada, cascade: false, now: true };
  await shop.handle.executeUpdate(messages.deleteUpdate, { args: [request] });
  await shop.handle.result();
  expect(shop.restores).toEqual([]);
});
