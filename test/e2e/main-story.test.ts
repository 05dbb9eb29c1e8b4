import { startEnvironment, type Environment } from '../support/environment';
import { openShop, type Shop } from '../support/shop';

let env: Environment;
let shop: Shop;

beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
  shop = await openShop(env);
}, 60_000);
afterAll(() => env.stop());

test('a good push goes out as a canary and restarts no pod when it is promoted', async () => {
  const revision = await shop.push({ image: 'v2' });
  const status = await shop.settled(revision);
  expect(status.state.history[0]).toMatchObject({ revision, result: 'promoted' });
});
