import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { applicationId, gitChangedSignal } from '../../src/messages/application';
import { applicationSpec, rolloutSpec } from '../client/fixtures/statuses';
import { clientOf, startRollout, startServer, startWorker, variablesOf } from '../client/fixtures/temporal';
import { belay, build, launcher, start } from './spawn-belay';

let env: TestWorkflowEnvironment;
let stopWorker = async () => {};
let variables: NodeJS.ProcessEnv;

beforeAll(async () => {
  const [server] = await Promise.all([startServer(), build()]);
  env = server;
  stopWorker = await startWorker(env);
  variables = variablesOf(env);
  const client = await clientOf(env);
  for (const name of ['fine', 'held']) await client.createApplication(applicationSpec(name));
  const problem = { code: 'Forbidden', message: 'main is protected' } as const;
  await env.client.workflow
    .getHandle(applicationId('held'))
    .signal(gitChangedSignal, { kind: 'problem', problem });
  await client.close();
}, 120_000);
afterAll(async () => {
  await stopWorker();
  await env.teardown();
});

test.each([
  ['status fine', 0, 'fine: ✔ Healthy: the cluster is equal to 3f2c1aa\n'],
  ['status fine --wait', 0, 'fine: ✔ Healthy: the cluster is equal to 3f2c1aa\n'],
  ['status held --wait', 1, 'held: ✖ Held: main is protected\n'],
  ['app sync fine --revision v2', 0, expect.stringMatching(/^sync v2 by .+@.+\n$/)],
])('`belay %s` ends with %i', async (line, code, out) => {
  expect(await belay(line, variables)).toEqual({ code, signal: null, out, err: '' });
});

test('a wait that takes too long ends with 3', async () => {
  const ran = await belay('status fine --wait --revision 0000000 --timeout 0.6s', variables);
  expect(ran).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^error: fine .* after 0\.6 s: .*\n  try: /),
  });
});

test('an unknown application ends with 1', async () => {
  const err = expect.stringMatching(/^error: there is no application nobody\n  try: /);
  expect(await belay('abort nobody', variables)).toMatchObject({ code: 1, out: '', err });
});

test('a watch goes on until Ctrl-C and ends with 0', async () => {
  const { child, ended } = start([launcher, 'app', 'get', 'fine', '-w'], variables);
  child.stdout?.once('data', () => child.kill('SIGINT'));
  expect(await ended).toMatchObject({
    code: 0,
    signal: null,
    out: expect.stringContaining('Name:          fine\n'),
    err: '',
  });
});

test('a watch of a rollout ends with it', async () => {
  await startRollout(env, rolloutSpec({ application: 'roll', name: 'roll' }));
  const { child, ended } = start([launcher, 'rollout', 'get', 'roll', '-w'], variables);
  child.stdout?.once('data', () => void belay('abort roll --reason slow', variables));
  const { code, out } = await ended;
  expect(code).toBe(1);
  expect(out).toMatch(/॥ Paused[\s\S]*Outcome: +aborted by/);
});

test('a reader that leaves early is no error', async () => {
  const shell = promisify(exec);
  const pipe = `"${process.execPath}" "${launcher}" app list -o json | head -c 1`;
  expect(await shell(pipe, { env: { PATH: process.env.PATH, ...variables } })).toEqual({
    stdout: '[',
    stderr: '',
  });
});
