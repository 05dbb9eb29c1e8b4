import { ApplicationFailure } from '@temporalio/activity';
import type { ApplicationSpec, IgnoreDifferences } from '../../src/domain/application-spec';
import { openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { shopFiles } from '../support/cluster-shop';
import { gitPath } from '../support/cluster-git';

let lab: Lab;
let bench: Bench;
let revision: string;
beforeAll(async () => {
  lab = await startLab();
  bench = await openBench(lab, { config: 'hello' });
});
afterAll(() => lab.stop());

const settled = { kind: 'settled' } as const;
const sentinel = 's3ntinel-of-a-secret';
const coded = Buffer.from(sentinel).toString('base64');

function secretYaml(token: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {token: ${token}, other: same}\n`;
}

function commit(files: Readonly<Record<string, string>> = {}): string {
  return lab.git.commit({ ...shopFiles({ config: 'hello' }), ...files });
}

function diff(at = revision, changes: Partial<ApplicationSpec> = {}, treatment: object = settled) {
  const input = {
    spec: { ...bench.app, ...changes },
    revision: at,
    treatments: { web: treatment as typeof settled },
  };
  return run(bench.worker.diffApplication, input);
}

/** As Temporal does: tried again when a controller has changed the object meanwhile. */
async function sync(at = revision, changes: Partial<ApplicationSpec> = {}, more: object = {}) {
  const input = {
    spec: { ...bench.app, ...changes },
    revision: at,
    stage: 'after',
    treatments: { web: settled },
    fix: true,
    prune: true,
    ...more,
  } as const;
  for (;;) {
    try {
      return await run(bench.worker.applyRevision, input);
    } catch (error: unknown) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'Conflict') throw error;
    }
  }
}

function ignore(changes: Partial<IgnoreDifferences>): Partial<ApplicationSpec> {
  const lists = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] };
  return { ignoreDifferences: [{ group: 'apps', kind: 'Deployment', ...lists, ...changes }] };
}

/** The object's name is followed by what differs in it. */
async function differing(...args: Parameters<typeof diff>) {
  const { objects, problems } = await diff(...args);
  expect(problems).toEqual([]);
  return Object.fromEntries(
    objects.map(({ object, change, fields }) => [
      object.replace(`${bench.namespace}/`, ''),
      fields.length === 0 ? change : fields.map(({ field, live, git }) => [field, live, git]),
    ]),
  );
}

beforeEach(async () => {
  revision = commit();
  expect((await sync()).problems).toEqual([]);
});

describe('a comparison with the cluster', () => {
  it('finds nothing after a sync, whatever the API server has filled in', async () => {
    expect(await diff()).toEqual({ revision, objects: [], problems: [], rolling: [] });
    expect((await bench.get('Service', 'web'))?.['spec']).toMatchObject({ sessionAffinity: 'None' });
  });

  it('shows an edit of what Git says, and not of what it leaves to others', async () => {
    await bench.kubectl('Service', 'web', {
      metadata: { labels: { team: 'shop' } },
      spec: { selector: { app: 'wrong' }, sessionAffinity: 'ClientIP' },
    });
    expect(await differing()).toEqual({ 'Service web': [['spec.selector.app', 'wrong', 'web']] });
  });

  it('shows the count that an autoscaler has changed where Git gives one', async () => {
    await bench.kubectl('Deployment', 'web', { spec: { replicas: 6 } });
    expect(await differing()).toEqual({ 'Deployment web': [['spec.replicas', 6, 4]] });
  });

  it('shows what another revision would bring and take', async () => {
    const extra = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {a: "1"}\n';
    await sync(commit({ 'extra.yaml': extra }));
    const other = lab.git.commit({
      ...shopFiles({ image: 'v2', config: 'hello' }),
      'new.yaml': extra.replace('extra', 'fresh'),
    });
    expect(await differing(other)).toEqual({
      'ConfigMap extra': 'extra',
      'ConfigMap fresh': 'missing',
      'Deployment web': [
        ['spec.template.spec.containers[web].image', 'registry.example/web:v1', 'registry.example/web:v2'],
      ],
    });
  });

  it('takes a branch for the commit that it names now', async () => {
    expect((await diff('main')).revision).toBe(revision);
  });

  it('leaves a workload out that its rollout moves', async () => {
    await bench.kubectl('Deployment', 'web', { spec: { replicas: 6 } });
    expect(await diff(revision, {}, { kind: 'rolling', pace: 'steps' })).toMatchObject({
      objects: [],
      rolling: ['web'],
    });
  });

  it('goes on where one object is refused, and says why', async () => {
    const bad = 'apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec:\n  ports: [{port: 99999}]\n';
    await bench.kubectl('Service', 'web', { spec: { selector: { app: 'wrong' } } });
    expect(await diff(commit({ 'bad.yaml': bad }))).toMatchObject({
      objects: [{ object: `Service ${bench.namespace}/web` }],
      problems: [{ code: 'Invalid', file: `${gitPath}/bad.yaml` }],
    });
  });

  it('never says the value of a Secret', async () => {
    await sync(commit({ 'secret.yaml': secretYaml('before') }));
    const annotations = {
      copy: `{"token":"${coded}"}`,
      'kubectl.kubernetes.io/last-applied-configuration': sentinel,
    };
    await bench.kubectl('Secret', 'token', { data: { token: coded }, metadata: { annotations } });
    const into = commit({ 'secret.yaml': secretYaml('before') });
    const out = commit({ 'secret.yaml': secretYaml(sentinel) });
    const answers = [await diff(into), await diff(out, { ignoreDifferences: [] })];
    await sync(out);
    answers.push(await diff(into), await diff(commit()));
    const errors = ignore({ group: '', kind: 'Secret', jqPathExpressions: ['error(.data.token)'] });
    answers.push(await diff(out, errors));
    expect(
      answers.map(({ objects }) => objects.map(({ fields }) => fields.map(({ live, git }) => [live, git]))),
    ).toEqual([
      [[['<20 bytes>', '<6 bytes, changed>']]],
      [],
      [[['<20 bytes>', '<6 bytes, changed>']]],
      [[]],
      [],
    ]);
    expect(answers.at(-1)?.problems).toHaveLength(1);
    const said = JSON.stringify(answers);
    expect([sentinel, coded].filter((each) => said.includes(each))).toEqual([]);
  });
});

describe('ignoreDifferences', () => {
  const image = '.spec.template.spec.containers[] | select(.name == "web") | .image';

  beforeEach(() =>
    bench.kubectl('Deployment', 'web', {
      spec: {
        replicas: 6,
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                image: 'registry.example/web:v9',
                envFrom: [{ configMapRef: { name: 'web-config' } }],
              },
            ],
          },
        },
      },
    }),
  );

  test.each<[string, Partial<IgnoreDifferences>, readonly string[]]>([
    ['by a pointer', { jsonPointers: ['/spec/replicas'] }, ['spec.template.spec.containers[web].image']],
    ['by jq', { jqPathExpressions: [image] }, ['spec.replicas']],
    ['by both', { jsonPointers: ['/spec/replicas'], jqPathExpressions: [image] }, []],
    ['by the manager that wrote them', { managedFieldsManagers: ['kubectl-edit'] }, []],
    ['of every kind', { group: '*', kind: '*', jsonPointers: ['/spec'] }, []],
    [
      'of another name',
      { name: 'api', jsonPointers: ['/spec'] },
      ['spec.replicas', 'spec.template.spec.containers[web].image'],
    ],
    [
      'with an expression that fits no field of it',
      { jqPathExpressions: ['.status.nothing[].x'], jsonPointers: ['/spec'] },
      [],
    ],
  ])('%s', async (_name, entry, left) => {
    const { objects, problems } = await diff(revision, ignore(entry));
    expect(problems).toEqual([]);
    expect(objects.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(left);
    const { differing: drift } = await sync(revision, ignore(entry), { stage: 'heal', fix: false });
    expect(drift).toEqual(left.length === 0 ? [] : [`Deployment ${bench.namespace}/web`]);
  });

  const both = ignore({ jsonPointers: ['/spec/replicas'], jqPathExpressions: [image] });

  it('are not healed, and healed with the rest when something else differs', async () => {
    expect((await sync(revision, both)).applied).toEqual([]);
    await bench.kubectl('Deployment', 'web', {
      metadata: { labels: { 'belay.dev/application': bench.app.name } },
      spec: { paused: true },
    });
    expect((await sync(revision, both)).applied).toEqual([`Deployment ${bench.namespace}/web`]);
    const { spec } = await bench.deployment();
    expect([spec.replicas, spec.paused ?? false]).toEqual([4, false]);
  });

  it('stay as they are in a sync that respects them', async () => {
    await bench.kubectl('Deployment', 'web', { spec: { paused: true } });
    const respecting = { ...both, syncOptions: { respectIgnoreDifferences: true } };
    expect((await sync(revision, respecting)).applied).toEqual([`Deployment ${bench.namespace}/web`]);
    const { spec, metadata } = await bench.deployment();
    expect([spec.replicas, spec.paused ?? false]).toEqual([6, false]);
    expect(spec.template.spec).toMatchObject({ containers: [{ image: 'registry.example/web:v9' }] });
    const owners = metadata.managedFields?.filter(
      (each) => each.subresource === undefined && JSON.stringify(each).includes('f:replicas'),
    );
    expect(owners?.map(({ manager }) => manager)).toEqual(['kubectl-edit']);
    expect((await sync(revision, respecting)).applied).toEqual([]);
  });

  test.each([
    ['is none', '.spec.'],
    ['ends with an error', 'error("no")'],
    ['runs for ever', 'def f: f; f'],
  ])('an expression that %s stops the sync before its first write, by name', async (_name, expression) => {
    const spec = { ...ignore({ jqPathExpressions: [expression] }), name: bench.app.name };
    const result = await sync(
      commit({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: never}\n' }),
      spec,
    );
    expect(result.applied).toEqual([]);
    const message = expect.stringContaining(`application ${bench.app.name}: the jq expression`) as string;
    expect(result.problems).toMatchObject([
      { code: 'InvalidSpec', value: expression, message, object: `Deployment ${bench.namespace}/web` },
    ]);
    expect(await bench.get('ConfigMap', 'never')).toBeUndefined();
  });
});
