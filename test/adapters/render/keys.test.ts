import type { FileSpec } from '../../support/git-repo';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';
import { configMap, createRenderBench, type RenderBench, type Source } from './bench';

const files: Readonly<Record<string, FileSpec>> = {
  'apps/a/kustomization.yaml': 'resources: [../../base]\ncomponents: [../../parts/one]\n',
  'base/kustomization.yaml': 'resources: [../deeper]\npatches: [{path: patch.yaml}]\n',
  'base/patch.yaml': JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { b: '1' },
  }),
  'deeper/kustomization.yaml': 'resources: [a.yaml]\n',
  'deeper/a.yaml': configMap('a'),
  'parts/one/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: p-\n',
  'charts/web/Chart.yaml':
    'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: lib, version: 1.0.0, repository: "file://../../lib"}]\n',
  'charts/web/templates/a.yaml': '{{ .Values | toJson | printf "# %s" }}\n',
  'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\n',
  'values/eu.yaml': 'a: 1\n',
  'plain/a.yaml': configMap('plain'),
  'elsewhere/readme.md': 'one',
};
const sources: Readonly<Record<string, Source>> = {
  kustomize: { path: 'apps/a' },
  helm: {
    path: 'charts/web',
    helm: { valueFiles: ['/values/eu.yaml', '/values/none.yaml'], ignoreMissingValueFiles: true },
  },
  directory: { path: 'plain' },
};

let bench: RenderBench;
beforeAll(async () => {
  bench = await createRenderBench();
  await bench.commit(files);
});
afterAll(() => bench.remove());

/** The keys of all sources at the head. */
async function keys(renderer = bench): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, source] of Object.entries(sources)) {
    const read = await renderer.prepare(source);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    found[name] = read.value.key;
  }
  return found;
}

test('a commit changes the keys of what uses the file, and no other', async () => {
  const changed: Record<string, string[]> = {};
  let before = await keys();
  const edits: Record<string, FileSpec> = {
    'elsewhere/readme.md': 'two',
    'deeper/a.yaml': configMap('a', { c: 'd' }),
    'parts/one/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: x-\n',
    'lib/values.yaml': 'b: 2\n',
    'values/eu.yaml': 'a: 2\n',
    'values/none.yaml': 'c: 3\n',
    'plain/b.yaml': configMap('more'),
    'values/other.yaml': 'd: 4\n',
  };
  for (const [path, content] of Object.entries(edits)) {
    await bench.commit({ [path]: content });
    const after = await keys();
    changed[path] = Object.keys(sources).filter((name) => after[name] !== before[name]);
    before = after;
  }
  // A renderer that knows nothing of the commits before comes to the same.
  expect(await keys(bench.another({}))).toEqual(before);
  expect(changed).toEqual({
    'elsewhere/readme.md': [],
    'deeper/a.yaml': ['kustomize'],
    'parts/one/kustomization.yaml': ['kustomize'],
    'lib/values.yaml': ['helm'],
    'values/eu.yaml': ['helm'],
    'values/none.yaml': ['helm'],
    'plain/b.yaml': ['directory'],
    'values/other.yaml': [],
  });
});

test('options, and for Helm release and cluster, change the key', async () => {
  const capabilities = { kubeVersion: 'v1.30.0', apiVersions: [] };
  const [kustomize, helm] = [sources['kustomize'] ?? {}, sources['helm'] ?? {}];
  const all = [
    await bench.render(kustomize),
    await bench.render({ ...kustomize, kustomize: { namePrefix: 'a-' } }),
    await bench.render(helm),
    await bench.render({ ...helm, helm: { ...helm.helm, values: 'z: 1' } }),
    await bench.render(helm, { capabilities }),
    await bench.render(helm, { application: 'other' }),
  ];
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  expect((await bench.render(kustomize, { capabilities, application: 'other' })).key).toBe(all[0]?.key);
});

test('a setting that names the commit changes the key with every commit', async () => {
  const source: Source = {
    path: 'apps/a',
    kustomize: { commonLabels: { at: '$ARGOCD_APP_REVISION_SHORT' } },
  };
  const one = await bench.render(source);
  const revision = await bench.commit({ 'elsewhere/readme.md': 'three' });
  const two = await bench.render(source);
  expect(two.key).not.toBe(one.key);
  expect(Object.values(two.files).join('')).toContain(revision.slice(0, 7));
});

test('another commit of a repository of values changes the key only if the file does', async () => {
  const values: BareRepo = await createBareRepo();
  try {
    const render = async () => {
      const revision = (await headOf(values)) ?? '';
      const helm = { valueFiles: ['$values/a.yaml'] };
      return await bench.render(
        { path: 'charts/web', helm },
        { refs: { values: { repoUrl: values.url, revision } } },
      );
    };
    await commitFiles(values, { 'a.yaml': 'a: 1', 'b.yaml': 'b: 1' });
    const one = await render();
    await commitFiles(values, { 'b.yaml': 'b: 2' });
    expect((await render()).key).toBe(one.key);
    await commitFiles(values, { 'a.yaml': 'a: 2' });
    expect((await render()).key).not.toBe(one.key);
  } finally {
    await values.remove();
  }
});

test('a kept result is taken without the program', async () => {
  const first = await bench.render(sources['kustomize'] ?? {});
  const limited = bench.another({ limits: { wallMs: 0 } });
  const again = await limited.render(sources['kustomize'] ?? {});
  expect([again.key, again.files]).toEqual([first.key, first.files]);
  const other = await limited.render({ path: 'apps/a', kustomize: { namePrefix: 'never-' } });
  expect(other.problems).toHaveLength(1);
});
