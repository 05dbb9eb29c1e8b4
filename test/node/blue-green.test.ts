import { startNodeEnvironment, type NodeEnvironment } from './support/node-environment';
import { blueGreenStrategy } from './support/strategies';
import { report } from './support/table';
import {
  describeFailures,
  failures,
  foreignFailures,
  restoredAfter,
  restoredWithinMs,
  tryVersion,
} from './support/trial';

let env: NodeEnvironment;

beforeAll(async () => {
  env = await startNodeEnvironment();
  await env.startWorker();
  await env.node.pushVersion('v2');
}, 120_000);
afterAll(() => env.stop());

test('all traffic is switched to a good version without a failed request', async () => {
  const trial = { name: 'switch', strategy: blueGreenStrategy, version: { tag: 'v2' } };
  const result = await tryVersion(env, trial);
  report('blue-green switch', result);
  expect(result.status.state.history[0]).toMatchObject({ revision: result.revision, result: 'promoted' });
  expect(describeFailures(failures(result.answers), result)).toEqual([]);
  // Nothing may switch back and forth while the second analysis runs.
  const switchedAt = result.ofNew[0]?.sentAt ?? Infinity;
  const late = result.answers.filter(
    ({ version, sentAt }) => version === 'v1' && sentAt > switchedAt + 1_000,
  );
  expect(late).toHaveLength(0);
  expect(result.answers.at(-1)?.version).toBe('v2');
}, 120_000);

test('a version that is found bad after the switch is switched back, with no failure but its own', async () => {
  const version = { tag: 'v2', fault: 'errors:20' };
  const result = await tryVersion(env, { name: 'switch-back', strategy: blueGreenStrategy, version });
  report('blue-green switch-back', result);
  expect(result.rollout).toMatchObject({ phase: 'Degraded', outcome: { kind: 'failed' } });
  expect(describeFailures(foreignFailures(result), result)).toEqual([]);
  expect(restoredAfter(result)).toBeLessThanOrEqual(restoredWithinMs);
  expect(result.ofNew.length).toBeGreaterThan(100); // it was switched to
  expect(result.answers.at(-1)?.version).toBe('v1');
}, 120_000);
