import { parseAllDocuments } from 'yaml';
import { peekList } from '../../../src/domain/peek';
import { valueAt } from '../../../src/domain/read-json';
import type { FileSpec } from '../../support/git-repo';
import type { KustomizeOptions } from '../../../src/domain/application-spec';
import { configMap, createRenderBench, type Outcome, type RenderBench } from './bench';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.0
`;
const files: Readonly<Record<string, FileSpec>> = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': deployment,
  'parts/logging/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [log.yaml]\n',
  'parts/logging/log.yaml': configMap('logging'),
  'parts/patch.yaml': '- {op: add, path: /metadata/labels, value: {patched: "yes"}}\n',
  'apps/shop/kustomization.yaml': `resources: [../../base, own.yaml]
configMapGenerator:
- {name: settings, literals: [mode=fast]}
`,
  'apps/shop/own.yaml': configMap('own', {
    text: 'metadata:\n  annotations:\n    config.kubernetes.io/origin: |\n',
  }),
  'apps/shop/patch.yaml': '- {op: add, path: /metadata/labels, value: {patched: "yes"}}\n',
  'other/readme.md': 'one',
};

let bench: RenderBench;
beforeAll(async () => {
  bench = await createRenderBench();
  await bench.commit(files);
});
afterAll(() => bench.remove());

const build = (kustomize?: KustomizeOptions) =>
  bench.render({ path: 'apps/shop', ...(kustomize !== undefined && { kustomize }) });

type Objects = Readonly<Record<string, unknown>>;

function objects({ files: built, problems }: Outcome): Objects {
  expect(problems).toEqual([]);
  const all = Object.values(built).flatMap((text) =>
    parseAllDocuments(text).map((each) => each.toJS() as unknown),
  );
  return Object.fromEntries(
    all.map((each) => [
      `${String(valueAt(each, 'kind'))}/${String(valueAt(each, 'metadata', 'name'))}`,
      each,
    ]),
  );
}

/** A field of the Deployment. */
const web =
  (...path: string[]) =>
  (all: Objects): unknown =>
    valueAt(all['Deployment/web'], ...path);

test('names each object after the file it comes from, and leaves no trace of that in the object', async () => {
  const built = await build();
  expect(Object.keys(built.files).sort()).toEqual([
    'apps/shop/kustomization (built).yaml',
    'apps/shop/own.yaml',
    'base/web.yaml',
  ]);
  const read = objects(built);
  expect(Object.values(read).map((each) => valueAt(each, 'metadata', 'annotations'))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(valueAt(read['ConfigMap/own'], 'data', 'text')).toContain('config.kubernetes.io/origin');
  expect(built.tree).toBe(await bench.repo.git('rev-parse', 'main:apps/shop'));
});

test.each<[string, KustomizeOptions, (all: Objects) => unknown, unknown]>([
  ['namePrefix', { namePrefix: 'eu-' }, (all) => 'Deployment/eu-web' in all, true],
  ['nameSuffix', { nameSuffix: '-eu' }, (all) => 'Deployment/web-eu' in all, true],
  ['namespace', { namespace: 'far' }, web('metadata', 'namespace'), 'far'],
  ['an image', { images: ['nginx:2.0'] }, imageOf, 'nginx:2.0'],
  ['an image by another name', { images: ['nginx=caddy:3'] }, imageOf, 'caddy:3'],
  ['an image with a variable', { images: ['nginx=caddy:$ARGOCD_APP_NAME'] }, imageOf, 'caddy:shop'],
  ['replicas', { replicas: [{ name: 'web', count: 4 }] }, web('spec', 'replicas'), 4],
  [
    'labels',
    { commonLabels: { team: 'a', app: 'web' }, forceCommonLabels: true },
    labelsOf,
    [
      { app: 'web', team: 'a' },
      { app: 'web', team: 'a' },
    ],
  ],
  [
    'labels without selector',
    { commonLabels: { team: 'a' }, labelWithoutSelector: true },
    labelsOf,
    [{ team: 'a' }, { app: 'web' }],
  ],
  [
    'labels of templates',
    { commonLabels: { team: 'a' }, labelWithoutSelector: true, labelIncludeTemplates: true },
    labelsOf,
    [{ team: 'a' }, { app: 'web', team: 'a' }],
  ],
  [
    'annotations',
    { commonAnnotations: { note: 'a: "b", c', url: 'http://x/y' } },
    annotationsOf,
    { note: 'a: "b", c', url: 'http://x/y' },
  ],
  [
    'annotations as they are',
    { commonAnnotations: { note: '$ARGOCD_APP_NAME' } },
    annotationsOf,
    { note: '$ARGOCD_APP_NAME' },
  ],
  [
    'annotations with variables',
    { commonAnnotations: { note: '$ARGOCD_APP_NAME' }, commonAnnotationsEnvsubst: true },
    annotationsOf,
    { note: 'shop' },
  ],
  [
    'a patch',
    {
      patches: [{ target: { kind: 'Deployment' }, patch: '- {op: replace, path: /spec/replicas, value: 7}' }],
    },
    web('spec', 'replicas'),
    7,
  ],
  [
    'a patch in a file',
    { patches: [{ target: { kind: 'Deployment' }, path: 'patch.yaml' }] },
    web('metadata', 'labels'),
    { patched: 'yes' },
  ],
  ['a component', { components: ['../../parts/logging'] }, (all) => 'ConfigMap/logging' in all, true],
  [
    'a missing component',
    { components: ['../../parts/none', '../../parts/logging'], ignoreMissingComponents: true },
    (all) => 'ConfigMap/logging' in all,
    true,
  ],
])('applies %s', async (_name, options, look, expected) => {
  expect(look(objects(await build(options)))).toEqual(expected);
});

function imageOf(all: Objects): unknown {
  return peekList(all['Deployment/web'], 'spec', 'template', 'spec', 'containers').map((each) =>
    valueAt(each, 'image'),
  )[0];
}
function labelsOf(all: Objects): unknown {
  return [web('metadata', 'labels')(all), web('spec', 'template', 'metadata', 'labels')(all)];
}
function annotationsOf(all: Objects): unknown {
  return web('metadata', 'annotations')(all);
}
