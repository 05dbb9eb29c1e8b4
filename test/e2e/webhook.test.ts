import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../tools/local/ports';
import { launchWorker, type WorkerProcess } from '../../tools/local/worker';
import { deliveredFrom, isSettledAt } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { serveHttp, type HttpRemote } from '../support/git-http';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { until } from '../support/until';

const run = promisify(execFile);
const name = 'hooked';
const secret = 's3ntinel-of-webhooks';

let env: Environment;
let repo: BareRepo;
let remote: HttpRemote;
let worker: WorkerProcess;
let receiver: ChildProcess;
let said = '';
let url: string;
let clone: string;

const configYaml = (greeting: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {greeting: ${greeting}}\n`;

beforeAll(async () => {
  [env, repo] = await Promise.all([startEnvironment(), createBareRepo()]);
  const first = await commitFiles(repo, { 'k8s/words.yaml': configYaml('first') });
  remote = await serveHttp(repo);
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}/webhook`;
  receiver = startReceiver(port);
  // Nothing but the webhook can tell it of a push in time.
  worker = await launchWorker({
    dir: env.dir,
    name: 'worker',
    kubeconfig: env.cluster.kubeconfig,
    temporalAddress: env.temporal.address,
    poll: '10m',
  });
  const { source, ...spec } = deliveredFrom(repo, name, 'k8s');
  await env.client.createApplication({ ...spec, source: { ...source, repoUrl: remote.url } });
  await until('it is delivered', async () => {
    const status = await env.client.applicationStatus(name).catch(() => undefined);
    return status !== undefined && isSettledAt(first)(status);
  });
  clone = mkdtempSync(join(tmpdir(), 'belay-clone-'));
  await git('clone', '--quiet', remote.url, '.');
  await until('the receiver listens', () => said.includes('receiver ready'));
}, 90_000);
afterAll(async () => {
  receiver?.kill('SIGKILL');
  await remote?.close();
  await repo?.remove();
  rmSync(clone, { recursive: true, force: true });
  await env.stop();
  worker?.kill('SIGKILL');
});

test('a push is applied at once by its webhook, while the poll would take ten minutes', async () => {
  // Each within a minute on a machine that is busy; the figures, below three seconds on one that is not, are for whoever reads the log.
  const took: number[] = [];
  for (const greeting of ['hello', 'servus', 'moin']) {
    await push(greeting);
    const from = performance.now();
    const [answer] = await Promise.all([
      deliver(),
      until(`${greeting} is applied`, async () => (await applied()) === greeting, 60_000),
    ]);
    took.push(Math.round(performance.now() - from));
    expect(await answer.json()).toEqual({ message: expect.stringMatching(/: it is looked at$/) });
  }
  // The same delivery twice is no harm.
  expect([(await deliver()).status, (await deliver()).status]).toEqual([202, 202]);
  console.info(`from webhook to applied: ${took.join(', ')} ms`);
}, 200_000);

test('nobody without the secret has anything looked at', async () => {
  const before = remote.requests.length;
  await push('unheard');
  const afterPush = remote.requests.length;
  expect(afterPush).toBeGreaterThan(before);
  expect((await deliver('wrong')).status).toBe(401);
  expect(remote.requests).toHaveLength(afterPush);
  expect(said).toMatch(/webhook 401 from .*127\.0\.0\.1/);
  expect(said).not.toContain(secret);
  expect((await deliver()).status).toBe(202);
  await until('it is applied', async () => (await applied()) === 'unheard');
}, 60_000);

test('a repository that nobody tracks is said to be one', async () => {
  const elsewhere = {
    ref: 'refs/heads/main',
    repository: { clone_url: 'https://forge.example/acme/nobody.git' },
  };
  const answer = await deliver(secret, elsewhere);
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { message: 'forge.example/acme/nobody: no application tracks it' },
  ]);
});

function startReceiver(port: number): ChildProcess {
  const secrets = join(env.dir, 'webhooks.json');
  writeFileSync(secrets, JSON.stringify({ secrets: [{ provider: 'github', env: 'HOOK_SECRET' }] }));
  const launcher = join(process.cwd(), 'bin', 'belay.js');
  const args = ['receiver', '--port', String(port), '--host', '127.0.0.1', '--webhook-secrets', secrets];
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...process.env, TEMPORAL_ADDRESS: env.temporal.address, HOOK_SECRET: secret },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return child;
}

async function push(greeting: string): Promise<void> {
  writeFileSync(join(clone, 'k8s', 'words.yaml'), configYaml(greeting));
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  await git(...who, 'commit', '--quiet', '--all', '--message', greeting);
  await git('push', '--quiet', 'origin', 'main');
}

async function git(...args: readonly string[]): Promise<void> {
  await run('git', args, { cwd: clone, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
}

/** What GitHub would send, with another spelling of the repository than the application has. */
function deliver(key = secret, event: object = ownPush()): Promise<Response> {
  const body = JSON.stringify(event);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  };
  return fetch(url, { method: 'POST', headers, body });
}

function ownPush(): object {
  const html_url = remote.url.replace('http://', 'http://ada@').replace(/(\.git)?$/, '.git/');
  return { ref: 'refs/heads/main', repository: { html_url, default_branch: 'main' } };
}

async function applied(): Promise<unknown> {
  const maps = await env.kube.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace: name });
  const found = maps.find((each) => each.metadata.name === 'words');
  return (found?.['data'] as { readonly greeting?: unknown } | undefined)?.greeting;
}
