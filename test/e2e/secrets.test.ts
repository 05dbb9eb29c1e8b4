import { Client, Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo as Address } from 'node:net';
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { encryptingCodec, openKeyRing } from '../../src/adapters/codec';
import { processContext } from '../../src/cli/process-context';
import { run as runCommandLine } from '../../src/cli/run';
import { startCodecServer } from '../../src/server/codec-server';
import { findFreePorts } from '../../tools/local/ports';
import { ensureTemporalCli } from '../../tools/local/temporal-cli';
import { launchWorker, type WorkerProcess } from '../../tools/local/worker';
import { openAlone, type Alone } from '../support/alone';
import { deliveredFrom, reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { follow } from '../support/followed';
import { serveHttp, type HttpRemote } from '../support/git-http';
import { createKeyFile, keyLine } from '../support/payload-keys';
import { runBelay } from '../support/run-belay';
import { findSecrets, formsIn, unfold, type Place } from '../support/secret-scan';
import { openShop, type Shop } from '../support/shop';
import { until } from '../support/until';

const run = promisify(execFile);
const sentinel = (what: string): string => `s3ntinel+${what}/${randomBytes(9).toString('hex')}`;

/** What a team writes into manifests: Git and the cluster hold it, and nothing else may. */
const written = {
  'stringData of a Secret': sentinel('string-data'),
  'data of a Secret': sentinel('data'),
  'environment of a pod': sentinel('pod-env'),
  'environment of a check': sentinel('check-env'),
  'number in a Secret': String(randomInt(1e12, 9e12)),
  'Secret that is no Base64': sentinel('broken-data'),
  'value of a chart': sentinel('helm-value'),
  'literal of a kustomization': sentinel('literal'),
  'token for a metric': sentinel('metric'),
};
/** What the worker is given: it may be nowhere. */
const given = {
  'password of Git': sentinel('git'),
  'other password of Git': sentinel('git-echoed'),
  'password of charts': sentinel('charts'),
  'token of the forge': sentinel('forge'),
  'secret of webhooks': sentinel('webhook'),
  'environment of the worker': sentinel('worker-env'),
  'password in a URL': sentinel('url'),
};
const all = { ...written, ...given };

const keys = createKeyFile();
let env: Environment;
let worker: WorkerProcess;
let data: string;
let healthPort: number;
let webhookPort: number;
let remote: HttpRemote;
let echo: HttpServer;
let echoUrl: string;
let shop: Shop;
const apps: string[] = [];
const cli: Place[] = [];

beforeAll(async () => {
  keys.write([keyLine('e2e', 7)]);
  process.env['BELAY_PAYLOAD_KEYS_FILE'] = keys.file;
  env = await startEnvironment();
  process.env['TEMPORAL_ADDRESS'] = env.temporal.address;
  echo = await startEcho();
  echoUrl = `http://127.0.0.1:${(echo.address() as Address).port}`;
  [healthPort = 0, webhookPort = 0] = await findFreePorts(2);
  data = join(env.dir, 'data');
  mkdirSync(data);
}, 120_000);
afterAll(async () => {
  // Its directory is removed below: it may write nothing more into it.
  worker?.kill('SIGKILL');
  await worker?.gone();
  await env.stop();
  await shop?.repo.remove();
  await remote?.close();
  echo?.close();
  keys.remove();
  delete process.env['BELAY_PAYLOAD_KEYS_FILE'];
  delete process.env['TEMPORAL_ADDRESS'];
});

/** A server that tells everybody, in each refusal, what it was sent. */
async function startEcho(): Promise<HttpServer> {
  const server = createHttp((request, response) => {
    const sent = request.headers.authorization ?? request.headers['private-token'] ?? 'nothing';
    const said = `refused ${String(sent)} ${Buffer.from(String(sent).replace(/^\w+ /, ''), 'base64').toString()}`;
    request.resume();
    if (request.url?.startsWith('/api/') === true)
      return void response
        .writeHead(422, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: said }));
    // A metric that is refused for good takes the rollout back; of a server that is away it would wait.
    const status = request.url === '/rate' ? 400 : 500;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(`${said}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function startWorker(): Promise<WorkerProcess> {
  const access = (repo: string, variable: string) => ({ repo, username: 'bot', tokenVariable: variable });
  const origin = new URL(remote.url).origin;
  const credentials = {
    read: [access(origin, 'GIT_PASSWORD'), access(echoUrl, 'ECHOED_PASSWORD')],
    write: [access(origin, 'GIT_PASSWORD'), access(echoUrl, 'ECHOED_PASSWORD')],
    charts: [{ repo: echoUrl, username: 'bot', passwordVariable: 'CHART_PASSWORD' }],
    forges: [{ repo: origin, kind: 'gitea', apiUrl: `${echoUrl}/api/v1`, tokenVariable: 'FORGE_TOKEN' }],
  };
  const [file, hooks] = [join(env.dir, 'credentials.json'), join(env.dir, 'webhooks.json')];
  writeFileSync(file, JSON.stringify(credentials));
  writeFileSync(hooks, JSON.stringify({ secrets: [{ provider: 'github', env: 'HOOK_SECRET' }] }));
  return launchWorker({
    dir: data,
    name: 'worker',
    kubeconfig: env.cluster.kubeconfig,
    temporalAddress: env.temporal.address,
    env: {
      GIT_PASSWORD: given['password of Git'],
      ECHOED_PASSWORD: given['other password of Git'],
      CHART_PASSWORD: given['password of charts'],
      FORGE_TOKEN: given['token of the forge'],
      HOOK_SECRET: given['secret of webhooks'],
      UNUSED_SECRET: given['environment of the worker'],
      AWS_SECRET_ACCESS_KEY: given['environment of the worker'],
      TMPDIR: env.dir,
    },
    args: [
      ...['--git-credentials', file, '--webhook-port', String(webhookPort), '--webhook-secrets', hooks],
      ...['--health-port', String(healthPort), '--log-level', 'debug'],
    ],
  });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secretYaml = `apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {token: "${written['stringData of a Secret']}", metric: "${written['token for a metric']}"}
data: {other: "${base64(written['data of a Secret'])}"}
`;

const analysisYaml = (): string => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec:
  args: [{name: token, valueFrom: {secretKeyRef: {name: token, key: metric}}}]
  metrics:
  - name: rate
    count: 2
    interval: 300ms
    failureLimit: 0
    consecutiveErrorLimit: 1
    successCondition: result > 1
    provider: {web: {url: "${echoUrl}/rate", jsonPath: "{$.rate}", headers: [{key: Authorization, value: "Bearer {{args.token}}"}]}}
`;

const pod = `\n        env: [{name: TOKEN, value: "${written['environment of a pod']}"}]`;

const checkYaml = `apiVersion: batch/v1
kind: Job
metadata: {name: smoke, annotations: {belay.dev/check: "true"}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {sim.belay.dev/behavior: crash}}
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: registry.example/job:v1, command: [smoke], env: [{name: TOKEN, value: "${written['environment of a check']}"}]}
`;

/** Files of applications that come to nothing, each in its own way. */
const failing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'number-in-secret': {
    'k8s/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: pin}\nstringData: {pin: ${written['number in a Secret']}}\n`,
  },
  'broken-base64': {
    'k8s/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: raw}\ndata: {raw: "${written['Secret that is no Base64']}!"}\n`,
  },
  'failing-check': { 'k8s/check.yaml': checkYaml },
  'failing-chart': {
    'k8s/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'k8s/values.yaml': `auth: {password: "${written['value of a chart']}"}\n`,
    'k8s/templates/secret.yaml': '{{ fail (printf "this is no good password: %s" .Values.auth.password) }}\n',
  },
  'failing-kustomization': {
    'k8s/kustomization.yaml': `secretGenerator:\n- {name: web, literals: ["${written['literal of a kustomization']}"]}\n`,
  },
};

async function fail(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const alone: Alone = await openAlone(env, name, {
    'k8s/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n',
  });
  const bad = await alone.push(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/^k8s\//, ''), text])),
  );
  await alone.waitFor(
    'it is refused',
    ({ state, operation }) => state.compared === bad && state.problems.length > 0 && operation === undefined,
  );
  apps.push(name);
}

/** An application of a repository that refuses the worker, and tells what it was shown. */
async function unreachable(name: string, source: Readonly<Record<string, unknown>>): Promise<void> {
  const spec = deliveredFrom(shop.repo, name, 'k8s');
  await env.client.createApplication({ ...spec, source: { ...spec.source, ...source } });
  await follow(env, name, name, 120_000).waitFor(
    'it says why',
    ({ state, message = '' }) => state.problems.length > 0 || message !== '',
  );
  apps.push(name);
}

/** A version whose metric is refused, with the token from a Secret sent back in the refusal. */
async function measured(): Promise<void> {
  const steps = '\n      - setWeight: 50\n      - analysis: {templates: [{templateName: rate}]}';
  const other = await openShop(env, {
    name: 'measured',
    steps,
    files: { 'secret.yaml': secretYaml, 'analysis.yaml': analysisYaml() },
  });
  apps.push('measured');
  await reverted(other, await other.push({ image: 'v2', container: pod }), 240_000);
}

test('stories and failures in which each secret has its part', async () => {
  shop = await openShop(env, { name: 'shop' }, false);
  remote = await serveHttp(shop.repo, { [given['password of Git']]: 'write' });
  worker = await startWorker();
  await env.client.createApplication({ ...shop.spec, source: { ...shop.spec.source, repoUrl: remote.url } });
  apps.push('shop');
  await shop.settled(
    await shop.push({ image: 'v2', container: pod }, { 'secret.yaml': secretYaml }),
    120_000,
  );
  await reverted(shop, await shop.push({ image: 'v3-broken', container: pod }), 240_000);
  await Promise.all([
    measured(),
    ...Object.entries(failing).map(([name, files]) => fail(name, files)),
    unreachable('echoing-git', { repoUrl: `${echoUrl}/repo.git` }),
    unreachable('echoing-charts', { repoUrl: echoUrl, chart: 'web', targetRevision: '1.0.0', path: '' }),
  ]);
  const body = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: remote.url } });
  for (const secret of [given['secret of webhooks'], 'another']) {
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': signature,
    };
    await fetch(`http://127.0.0.1:${webhookPort}/webhook`, { method: 'POST', body, headers });
  }
}, 420_000);

/** What a command prints; in this process, as a process for each would take minutes on a busy machine. */
async function said(args: readonly string[]): Promise<string> {
  const texts: string[] = [];
  const out = { write: (text: string) => texts.push(text) };
  await runCommandLine(args, { ...processContext(), stdout: out, stderr: out });
  return texts.join('');
}

test('what people see holds none of them, also where a URL has a password in it', async () => {
  const file = join(env.dir, 'with-password.yaml');
  const url = `http://bot:${encodeURIComponent(given['password in a URL'])}@127.0.0.1:1/repo.git`;
  writeFileSync(
    file,
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: with-password}
spec:
  project: default
  source: {repoURL: "${url}", path: k8s, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: x}
`,
  );
  const commands = [
    ['app', 'create', '-f', file],
    ['app', 'list'],
    ...apps.flatMap((name) => [
      ['app', 'get', name],
      ['why', name],
      ['app', 'history', name],
      ['app', 'diff', name],
      ['rollout', 'get', name],
      ['status', name, '-o', 'json'],
    ]),
  ];
  for (const args of commands) cli.push({ name: `belay ${args.join(' ')}`, text: await said(args) });
  expect(cli.find(({ name }) => name === 'belay app list')?.text).toMatch(/shop/);
  expect(findSecrets(all, cli)).toEqual([]);
}, 420_000);

/** Histories of all workflows, what is pending in them, and how they are listed. */
async function ofTemporal(): Promise<{ clear: Place[]; raw: Place[]; payloads: number }> {
  const connection = await Connection.connect({ address: env.temporal.address });
  const { workflow } = new Client({ connection });
  const codec = encryptingCodec(openKeyRing(keys.file, () => undefined));
  const [clear, raw]: [Place[], Place[]] = [[], []];
  let payloads = 0;
  const { executions } = await connection.workflowService.listWorkflowExecutions({
    namespace: 'default',
    pageSize: 1_000,
  });
  for (const { execution } of executions) {
    const { workflowId = '', runId = '' } = (execution ?? {}) as { workflowId?: string; runId?: string };
    const request = { namespace: 'default', execution: { workflowId, runId } };
    const described = await connection.workflowService.describeWorkflowExecution(request);
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    const found = await unfold({ history, described }, codec);
    payloads += found.payloads;
    clear.push({ name: `history of ${workflowId}`, text: found.decoded });
    raw.push({ name: `history of ${workflowId} as it is kept`, text: found.raw });
  }
  await connection.close();
  return { clear, raw, payloads };
}

function filesBelow(dir: string): readonly Place[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(dir, path).startsWith('mirrors') &&
        statSync(path, { throwIfNoEntry: false })?.isFile() === true,
    )
    .map((path) => ({ name: `file ${relative(dir, path)}`, text: readFileSync(path, 'latin1') }));
}

async function ofCluster(): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const kind of ['ConfigMap', 'Event'])
    for (const object of await env.kube.list({ apiVersion: 'v1', kind }, {}))
      places.push({
        name: `${kind} ${object.metadata.namespace}/${object.metadata.name}`,
        text: JSON.stringify(object),
      });
  return places;
}

test('no secret is in a history, the log, a commit, the cluster, a file or an endpoint; nothing can be read in what Temporal keeps', async () => {
  const temporal = await ofTemporal();
  const endpoints = await Promise.all(
    ['healthz', 'readyz', 'metrics'].map(async (path) => ({
      name: `/${path}`,
      text: await (await fetch(`http://127.0.0.1:${healthPort}/${path}`)).text(),
    })),
  );
  const messages = await shop.repo.git('log', '--all', '--format=%an %ae %B');
  const places: readonly Place[] = [
    ...temporal.clear,
    ...temporal.raw,
    ...endpoints,
    ...(await ofCluster()),
    ...filesBelow(data),
    { name: 'messages of commits', text: messages },
  ];
  const trees = await shop.repo.git('log', '--all', '-p', '--format=%H');
  console.info(
    `searched ${places.length + cli.length + 1} places for ${Object.keys(all).length} secrets: ${temporal.clear.length} histories with ${temporal.payloads} payloads, ` +
      `${cli.length} outputs of the command line, ${places.filter(({ name }) => /^(ConfigMap|Event)/.test(name)).length} objects, ${places.filter(({ name }) => name.startsWith('file ')).length} files`,
  );
  expect(findSecrets(all, places)).toEqual([]);
  expect(findSecrets(given, [{ name: 'trees of commits', text: trees }])).toEqual([]);

  // The search does find what is there.
  expect(worker.log().length).toBeGreaterThan(1_000);
  expect(findSecrets({ control: written['data of a Secret'] }, [{ name: 'Git', text: trees }])).toEqual([
    'control in Git',
  ]);
  const ofShop = (list: readonly Place[]) =>
    list
      .filter(({ name }) => name.includes('app/shop'))
      .map(({ text }) => text)
      .join('\n');
  expect(ofShop(temporal.clear)).toContain('k8-manifests');
  expect(ofShop(temporal.raw)).not.toContain('k8-manifests');
  const git = temporal.clear.filter(({ text }) => text.includes('the server did not answer properly'));
  expect(git.length).toBeGreaterThan(0);
  expect(temporal.raw.filter(({ text }) => text.includes('the server did not answer properly'))).toEqual([]);
}, 180_000);

test("Temporal's own command line reads a history through the codec server, and nothing without it", async () => {
  const server = await startCodecServer({ port: 0, host: '127.0.0.1', payloadKeys: keys.file });
  const temporal = await ensureTemporalCli();
  const args = [
    'workflow',
    'show',
    '--workflow-id',
    'app/shop',
    '--output',
    'json',
    '--address',
    env.temporal.address,
  ];
  const show = async (...more: string[]): Promise<string> =>
    (await run(temporal, [...args, ...more], { maxBuffer: 64 << 20 })).stdout;
  try {
    const [blind, seeing] = await Promise.all([
      show(),
      show('--codec-endpoint', `http://127.0.0.1:${server.port}`),
    ]);
    const hidden = formsIn('k8-manifests');
    expect(hidden.some((form) => blind.includes(form))).toBe(false);
    expect(hidden.some((form) => seeing.includes(form))).toBe(true);
  } finally {
    await server.close();
  }
}, 60_000);

test('a worker without keys ends at once with one line that says what to give it', async () => {
  worker.kill('SIGKILL');
  await worker.gone();
  const blind = await launchWorker({
    dir: data,
    name: 'blind',
    kubeconfig: env.cluster.kubeconfig,
    temporalAddress: env.temporal.address,
    env: { BELAY_PAYLOAD_KEYS_FILE: '' },
  }).catch((error: unknown) => error as Error);
  if ('gone' in blind) await until('it has ended', () => blind.gone().then(() => true));
  const said = 'gone' in blind ? blind.log() : blind.message;
  expect(said).toContain(
    'error: what Temporal holds is encrypted with the key e2e, and no keys were given; name the key file with --payload-keys FILE or BELAY_PAYLOAD_KEYS_FILE',
  );
  expect(said).not.toMatch(/^\s+at /m);
}, 120_000);

test('a command without keys says the same', async () => {
  worker = await startWorker();
  process.env['BELAY_PAYLOAD_KEYS_FILE'] = '';
  // The worker has just begun: until it answers there is nothing to decrypt.
  const { code, out } = await until(
    'it is answered',
    async () => {
      const ran = await runBelay(env.temporal.address, ['app', 'get', 'shop']);
      return ran.out.includes('no worker answered') ? undefined : ran;
    },
    90_000,
  );
  expect([code, out]).toEqual([
    1,
    'error: what Temporal holds is encrypted with the key e2e, and no keys were given\n  try: name the key file with --payload-keys FILE or BELAY_PAYLOAD_KEYS_FILE\n',
  ]);
}, 120_000);
