import { describeProblem, type ProblemCode } from '../../src/domain/problem';
import { startEnvironment, type Environment } from '../support/environment';
import { createBareRepo, type FileSpec } from '../support/git-repo';
import { serveHttp } from '../support/git-http';
import { limitedAccess, type LimitedAccess } from '../support/limited-kubeconfig';
import { openShop, rolloutYaml, type Shop } from '../support/shop';
import { until } from '../support/until';

interface Row {
  readonly what: string;
  readonly code: ProblemCode;
  /** What a person reads: place, object, field, value, remedy. */
  readonly says: RegExp;
  readonly files: Readonly<Record<string, FileSpec>>;
}

const good = rolloutYaml(2, {}, { image: 'v1' });
const service = (spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: ${spec}\n`;

const rows: readonly Row[] = [
  {
    what: 'YAML that does not parse',
    code: 'InvalidYaml',
    says: /^k8-manifests\/rollout\.yaml:\d+/,
    files: { 'rollout.yaml': 'kind: [Rollout\n' },
  },
  {
    what: 'an unknown field of a Rollout',
    code: 'UnknownField',
    says: /rollout\.yaml:5: Rollout web: spec\.replicaz.*did you mean "replicas"/,
    files: { 'rollout.yaml': good.replace('replicas:', 'replicaz:') },
  },
  {
    what: 'an unknown field of a pod template',
    code: 'UnknownField',
    says: /rollout\.yaml:\d+: Deployment shop\/web.*imagePullPolice/,
    files: {
      'rollout.yaml': good.replace(
        '      - name: web\n',
        '      - name: web\n        imagePullPolice: Always\n',
      ),
    },
  },
  {
    what: 'an invalid strategy',
    code: 'InvalidSpec',
    says: /rollout\.yaml:\d+: Rollout web: spec\.strategy\.canary\.steps\[0\]\.setWeight.*130/,
    files: { 'rollout.yaml': good.replace('setWeight: 20', 'setWeight: 130') },
  },
  {
    what: 'a strategy that is not supported',
    code: 'Unsupported',
    says: /rollout\.yaml:\d+: Rollout web: .*plugin/,
    files: { 'rollout.yaml': good.replace('- setWeight: 20', '- plugin: {name: example.com/step}') },
  },
  {
    what: 'an analysis by a template that is not there',
    code: 'InvalidSpec',
    says: /rollout\.yaml:\d+: Rollout web: .*steps\[0\]\.analysis.*nowhere/,
    files: {
      'rollout.yaml': good.replace('- setWeight: 20', '- analysis: {templates: [{templateName: nowhere}]}'),
    },
  },
  {
    what: 'a value that the API server refuses',
    code: 'Invalid',
    says: /service\.yaml:\d+: Service shop\/web: spec\.ports\[0\]\.port.*70000/,
    files: { 'service.yaml': service('{selector: {app: web}, ports: [{port: 70000}]}') },
  },
  {
    what: 'an immutable field',
    code: 'ImmutableField',
    says: /Deployment shop\/web.*spec\.selector.*immutable.*put the old value back/,
    files: {
      'rollout.yaml': good
        .replace('matchLabels: {app: web}', 'matchLabels: {app: web, tier: front}')
        .replace('labels: {app: web}', 'labels: {app: web, tier: front}'),
    },
  },
  {
    what: 'a kind that the cluster does not know',
    code: 'KindNotFound',
    says: /extra\.yaml:1: Gadget.*no kind Gadget/,
    files: { 'extra.yaml': 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n' },
  },
  {
    what: 'an object that RBAC forbids',
    code: 'Forbidden',
    says: /extra\.yaml:1: Role shop\/r.*forbidden.*give the worker the permission/,
    files: {
      'extra.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: []\n',
    },
  },
  {
    what: 'a kustomization with a base on the network',
    code: 'Unsupported',
    says: /kustomization\.yaml:3: resources\[1\]: .*example\.com/,
    files: { 'kustomization.yaml': 'resources:\n- rollout.yaml\n- https://example.com/base.yaml\n' },
  },
];

let env: Environment;
let access: LimitedAccess | undefined;
let shop: Shop;

beforeAll(async () => {
  env = await startEnvironment();
  access = await limitedAccess(env);
  await env.startWorker({ kubeconfig: access.kubeconfig });
  shop = await openShop(env, { replicas: 2 });
}, 120_000);
afterAll(async () => {
  access?.close();
  await env.stop();
});

/** Everything in the namespace that Git could have changed. */
async function written(): Promise<string> {
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'ReplicaSet'],
    ['v1', 'Service'],
    ['v1', 'ConfigMap'],
    ['v1', 'Pod'],
  ] as const;
  const objects = (
    await Promise.all(kinds.map(([apiVersion, kind]) => shop.objects(kind, apiVersion)))
  ).flat();
  return JSON.stringify(
    objects
      .filter((each) => !each.metadata.name.startsWith('belay-'))
      .map(({ kind, metadata, spec, data }) => [kind, metadata.name, metadata.uid, spec, data])
      .sort(),
  );
}

test.each(rows)(
  '$what is one clear error, nothing is applied, and the next good commit recovers',
  async ({ code, says, files }) => {
    const before = await written();
    const goodBefore = (await shop.status()).state.good?.revision;
    const bad = await shop.pushFiles(files);
    const status = await shop.waitFor(
      'the problem is shown',
      ({ state, operation }) => state.compared === bad && operation === undefined,
    );
    const problems = status.state.problems;
    expect(problems.map((each) => each.code)).toContain(code);
    expect(problems.map(describeProblem).join('\n')).toMatch(says);
    expect(status.message).toContain(describeProblem(problems[0] ?? { code: 'Invalid', message: 'none' }));
    expect(status).toMatchObject({ sync: 'OutOfSync', health: 'Healthy' });
    expect(status.state.good?.revision).toBe(goodBefore);
    expect(await written()).toBe(before);
    expect(await shop.head()).toBe(bad); // nothing was deployed, so there is nothing to revert

    const mended = Object.fromEntries(
      Object.keys(files).map((name) => [
        name,
        name === 'rollout.yaml'
          ? good
          : name === 'service.yaml'
            ? service('{selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}')
            : null,
      ]),
    );
    await shop.settled(await shop.pushFiles(mended));
  },
  60_000,
);

test('a path that is gone, and that comes back', async () => {
  const before = await written();
  const removed = await shop.pushFiles({ 'rollout.yaml': null, 'service.yaml': null, 'config.yaml': null });
  const status = await shop.waitFor(
    'the problem is shown',
    ({ state, operation }) => state.compared === removed && operation === undefined,
  );
  expect(status.state.problems.map(describeProblem).join()).toMatch(
    /spec\.source\.path.*k8-manifests does not exist.*put the directory back/,
  );
  expect(await written()).toBe(before);
  await shop.settled(
    await shop.push(
      { image: 'v1' },
      { 'service.yaml': service('{selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}') },
    ),
  );
});

test('an API server that cannot be reached is named, and all goes on when it is back', async () => {
  access?.cut();
  const revision = await shop.push({ image: 'v2' });
  const status = await shop.waitFor(
    'the problem is shown',
    ({ state, operation }) =>
      operation === undefined && state.problems.some((each) => each.code === 'Unreachable'),
    60_000,
  );
  expect(status.message).toMatch(/API server https:.* does not answer/);
  access?.mend();
  await shop.settled(revision, 60_000);
}, 150_000);

async function problemOf(name: string, source: Partial<Shop['spec']['source']>): Promise<string> {
  const spec = {
    ...shop.spec,
    name,
    source: { ...shop.spec.source, ...source },
    destination: { ...shop.spec.destination, namespace: name },
  };
  await env.client.createApplication(spec);
  const status = await until('the problem is shown', async () => {
    const seen = await env.client.applicationStatus(name);
    return seen.state.problems.length > 0 ? seen : undefined;
  });
  await env.client.delete(name, { cascade: true, now: true });
  return `${status.state.problems[0]?.code ?? ''}: ${status.message}`;
}

test('a branch that does not exist is named', async () => {
  expect(await problemOf('no-branch', { targetRevision: 'nope' })).toMatch(/^RevisionNotFound: .*nope/);
});

test('wrong credentials are named, and no password is shown', async () => {
  const repo = await createBareRepo();
  const remote = await serveHttp(repo, { 'sentinel-password': 'read' });
  const said = await problemOf('no-password', { repoUrl: remote.url });
  expect(said).toMatch(/^Unauthenticated: /);
  expect(said).not.toContain('sentinel-password');
  await remote.close();
  await repo.remove();
});

test('a repository that is not there is named', async () => {
  expect(await problemOf('no-repo', { repoUrl: '/nowhere/at/all.git' })).toMatch(/nowhere/);
});

test('a cluster that no worker serves is named', async () => {
  await env.client.createApplication({
    ...shop.spec,
    name: 'elsewhere',
    destination: { server: 'https://elsewhere.example:6443', namespace: 'x' },
  });
  const status = await until('the problem is shown', async () => {
    const seen = await env.client.applicationStatus('elsewhere');
    return seen.state.problems.length > 0 ? seen : undefined;
  });
  expect(status.message).toMatch(
    /spec\.destination\.server.*no worker serves the cluster https:\/\/elsewhere\.example:6443/,
  );
});
