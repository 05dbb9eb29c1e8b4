import { parseAllDocuments } from 'yaml';
import type { HelmOptions } from '../../../src/domain/application-spec';
import type { Charts } from '../../../src/ports/charts';
import { PortError } from '../../../src/ports/port-error';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';
import { createRenderBench, type Outcome, type RenderBench, type Source } from './bench';
import { chartArchive } from './chart-archive';

const chart = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const seen = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-seen
  namespace: {{ .Release.Namespace }}
data:
  image: {{ .Values.image | quote }}
  tag: {{ .Values.tag | default "" | kindOf }}
  file: {{ .Values.file | default "" | quote }}
  list: {{ .Values.list | default list | join "+" | quote }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  crd: {{ .Capabilities.APIVersions.Has "example.com/v1/Thing" | quote }}
  looked: {{ lookup "v1" "Namespace" "" "kube-system" | toJson | quote }}
`;
const files = {
  'charts/web/Chart.yaml': chart,
  'charts/web/values.yaml': 'image: default\n',
  'charts/web/values-eu.yaml': 'image: eu\n',
  'charts/web/shop.yaml': 'image: variable\n',
  'charts/web/templates/seen.yaml': seen,
  'charts/web/templates/tests/check.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: check\n  annotations: {helm.sh/hook: test}\n',
  'charts/web/crds/thing.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n',
  'charts/values-up.yaml': 'image: up\n',
  'root.yaml': 'image: root\n',
  'text.txt': 'from a file, with a comma',
  'strict/Chart.yaml': 'apiVersion: v2\nname: strict\nversion: 1.0.0\n',
  'strict/values.schema.json': '{"properties": {"image": {"type": "integer"}}}',
  'strict/values.yaml': 'image: text\n',
  'strict/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: strict}\n',
  'charts/lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
  'charts/lib/templates/_names.tpl': '{{ define "lib.name" }}from-lib{{ end }}',
  'uses/Chart.yaml': `${chart}dependencies:\n- {name: lib, version: 1.x, repository: "file://../charts/lib"}\n- {name: far, version: ~2.0.0, repository: "https://charts.example.com"}\n`,
  'uses/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ include "lib.name" . }}}\n',
  'locked/Chart.yaml': `${chart}dependencies:\n- {name: far, version: ~2.0.0, repository: "https://charts.example.com"}\n`,
  'locked/Chart.lock':
    'dependencies:\n- {name: far, version: 2.0.1, repository: "https://charts.example.com"}\n',
};

/** A chart repository with one chart in two versions. */
function chartsOf(archives: Readonly<Record<string, string>>): Charts & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (_chart, version) => {
      asked.push(`resolve ${version}`);
      return '2.0.9';
    },
    fetch: async ({ chart: name }, version) => {
      asked.push(`fetch ${name} ${version}`);
      const archive = archives[version];
      if (archive === undefined)
        throw new PortError('no such version', { code: 'RevisionNotFound', retry: 'never' });
      return { archive, digest: `sha256:${version}`, version };
    },
  };
}

let bench: RenderBench;
let values: BareRepo;
beforeAll(async () => {
  bench = await createRenderBench();
  await bench.commit(files);
  values = await createBareRepo();
  await commitFiles(values, { 'eu/values.yaml': 'image: elsewhere\n', 'note.txt': 'note' });
});
afterAll(() => Promise.all([bench.remove(), values.remove()]));

const template = (helm: HelmOptions, more: Source = {}) =>
  bench.render({ path: 'charts/web', helm, ...more });

function seenBy({ files: rendered, problems }: Outcome): Record<string, string> {
  expect(problems).toEqual([]);
  const [document] = parseAllDocuments(rendered['charts/web/templates/seen.yaml'] ?? '');
  const { metadata, data } = document?.toJS() as { metadata: object; data: object };
  return { ...metadata, ...data };
}

test('names each object after its template, with tests, CRDs and the release of the application', async () => {
  const rendered = await template({});
  expect(Object.keys(rendered.files).sort()).toEqual([
    'charts/web/crds/thing.yaml',
    'charts/web/templates/seen.yaml',
    'charts/web/templates/tests/check.yaml',
  ]);
  expect(seenBy(rendered)).toEqual({
    name: 'shop-seen',
    namespace: 'market',
    image: 'default',
    tag: 'string',
    file: '',
    list: '',
    kube: 'v1.36.3',
    crd: 'false',
    looked: '{}',
  });
});

test.each<[string, HelmOptions, Record<string, string>]>([
  ['releaseName', { releaseName: 'other' }, { name: 'other-seen' }],
  ['namespace', { namespace: 'far' }, { namespace: 'far' }],
  ['a value file of the chart', { valueFiles: ['values-eu.yaml'] }, { image: 'eu' }],
  ['a value file above the chart', { valueFiles: ['values-eu.yaml', '../values-up.yaml'] }, { image: 'up' }],
  ['a value file from the root', { valueFiles: ['/root.yaml'] }, { image: 'root' }],
  [
    'a missing value file',
    { valueFiles: ['/none.yaml', 'values-eu.yaml'], ignoreMissingValueFiles: true },
    { image: 'eu' },
  ],
  [
    'inline values over files',
    { valueFiles: ['/root.yaml'], values: 'image: inline\nlist: [a, b]' },
    { image: 'inline', list: 'a+b' },
  ],
  [
    'parameters over values',
    { values: 'image: inline', parameters: [{ name: 'image', value: 'a,b' }] },
    { image: 'a,b' },
  ],
  ['a list as parameter', { parameters: [{ name: 'list', value: '{x,y}' }] }, { list: 'x+y' }],
  ['a number as parameter', { parameters: [{ name: 'tag', value: '12' }] }, { tag: 'int64' }],
  [
    'a number forced to a text',
    { parameters: [{ name: 'tag', value: '12', forceString: true }] },
    { tag: 'string' },
  ],
  ['a value file named by a variable', { valueFiles: ['${ARGOCD_APP_NAME}.yaml'] }, { image: 'variable' }],
  [
    'a variable in a parameter',
    { parameters: [{ name: 'image', value: '${ARGOCD_APP_NAME}:$$x' }] },
    { image: 'shop:$x' },
  ],
  [
    'a file as parameter',
    { fileParameters: [{ name: 'file', path: '/text.txt' }] },
    { file: 'from a file, with a comma' },
  ],
  ['kubeVersion', { kubeVersion: '1.30.0' }, { kube: 'v1.30.0' }],
  ['apiVersions', { apiVersions: ['example.com/v1/Thing'] }, { crd: 'true' }],
])('takes %s', async (_name, helm, expected) => {
  expect(seenBy(await template(helm))).toMatchObject(expected);
});

test('leaves out CRDs and tests when asked to', async () => {
  const rendered = await template({ skipCrds: true, skipTests: true });
  expect(Object.keys(rendered.files)).toEqual(['charts/web/templates/seen.yaml']);
});

test('takes value files from other repositories at their commits', async () => {
  const rendered = await bench.render(
    {
      path: 'charts/web',
      helm: {
        valueFiles: ['$values/eu/values.yaml'],
        fileParameters: [{ name: 'file', path: '$values/note.txt' }],
      },
    },
    { refs: { values: { repoUrl: values.url, revision: (await headOf(values)) ?? '' } } },
  );
  expect(seenBy(rendered)).toMatchObject({ image: 'elsewhere', file: 'note' });
});

test('checks the schema of the values unless told not to', async () => {
  const refused = await bench.render({ path: 'strict' });
  expect(refused.problems[0]?.message).toMatch(/^helm: values don't meet the specifications of the schema/);
  const rendered = await bench.render({ path: 'strict', helm: { skipSchemaValidation: true } });
  expect(Object.keys(rendered.files)).toEqual(['strict/templates/a.yaml']);
});

test('puts charts beside the chart that needs them, at the version a range or the lock means', async () => {
  const archive = await chartArchive(bench.dir, 'far', {
    'Chart.yaml': 'apiVersion: v2\nname: far\nversion: 2.0.9\n',
    'templates/far.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: far}\n',
  });
  const older = await chartArchive(bench.dir, 'far', {
    'Chart.yaml': 'apiVersion: v2\nname: far\nversion: 2.0.1\n',
    'templates/old.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old}\n',
  });
  const charts = chartsOf({ '2.0.9': archive, '2.0.1': older });
  const other = bench.another({ charts });
  const used = await other.render({ path: 'uses' });
  expect(used.problems).toEqual([]);
  expect(Object.keys(used.files).sort()).toEqual([
    'uses/charts/far/templates/far.yaml',
    'uses/templates/a.yaml',
  ]);
  expect(used.files['uses/templates/a.yaml']).toContain('from-lib');
  const locked = await other.render({ path: 'locked' });
  expect(Object.keys(locked.files)).toEqual(['locked/charts/far/templates/old.yaml']);
  expect(charts.asked).toEqual(['resolve ~2.0.0', 'fetch far 2.0.9', 'fetch far 2.0.1']);
  const without = await bench.render({ path: 'locked' });
  expect(without.problems[0]).toMatchObject({ code: 'Unsupported', file: 'locked/Chart.yaml', line: 5 });
});

test('renders a chart of a chart repository with its own value files', async () => {
  const archive = await chartArchive(bench.dir, 'web', {
    'Chart.yaml': chart,
    'values.yaml': 'image: default\n',
    'values-eu.yaml': 'image: packed\n',
    'templates/seen.yaml': seen,
  });
  const other = bench.another({ charts: chartsOf({ '1.0.0': archive }) });
  const source = { repoUrl: 'https://charts.example.com', chart: 'web' };
  const options = {
    revision: '1.0.0',
    refs: { values: { repoUrl: values.url, revision: (await headOf(values)) ?? '' } },
  };
  const own = await other.render({ ...source, helm: { valueFiles: ['values-eu.yaml'] } }, options);
  expect(own.problems).toEqual([]);
  expect(own.tree).toBe('sha256:1.0.0');
  expect(own.files['web/templates/seen.yaml']).toContain('image: "packed"');
  const both = await other.render(
    { ...source, helm: { valueFiles: ['values-eu.yaml', '$values/eu/values.yaml'] } },
    options,
  );
  expect(both.files['web/templates/seen.yaml']).toContain('image: "elsewhere"');
  const missing = await other.render({ ...source, helm: { valueFiles: ['none.yaml'] } }, options);
  expect(missing.problems[0]).toMatchObject({ code: 'PathNotFound', value: 'none.yaml' });
});
