import { compileGlob } from '../../../src/adapters/render/glob';
import { configMap, createRenderBench, type RenderBench, type Source } from './bench';

const names = ['a.yaml', 'b.yml', 'c.json', 'd.txt', 'sub/e.yaml', 'sub/deep/f.yaml', 'sub/config.yaml'];
let bench: RenderBench;
beforeAll(async () => {
  bench = await createRenderBench();
  await bench.commit({
    ...Object.fromEntries(names.map((name) => [`app/${name}`, configMap('x')])),
    'app/.argocd-source.yaml': 'directory: {exclude: "b.*"}\n',
    'app/.argocd-source-other.yaml': 'directory: {recurse: true, exclude: null}\n',
    'json/a.jsonnet': '{}',
    'k/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: p-\n',
    'k/a.yaml': configMap('x'),
    'k/.argocd-source.yaml': 'kustomize:\n  commonAnnotations: {a: file, b: file}\n  nameSuffix: null\n',
    'k/.argocd-source-shop.yaml': 'kustomize: {nameSuffix: -s}\n',
    'h/Chart.yaml': 'apiVersion: v2\nname: h\nversion: 1.0.0\n',
    'h/templates/a.yaml': '# {{ .Values.tag }} {{ kindOf .Values.tag }}\n',
    'h/.argocd-source-shop.yaml': 'helm:\n  parameters:\n  - {name: tag, value: "12", forcestring: true}\n',
    'bad/a.yaml': configMap('x'),
    'bad/.argocd-source.yaml': 'directory: {}\nkustomise:\n  images: []\n',
  });
});
afterAll(() => bench.remove());

test.each<[string, Source, string[]]>([
  ['one level', {}, ['a.yaml', 'c.json']],
  ['all levels', { recurse: true }, ['a.yaml', 'c.json', 'sub/config.yaml', 'sub/deep/f.yaml', 'sub/e.yaml']],
  [
    'what a glob includes',
    { recurse: true, directory: { include: '{sub/*,c*}' } },
    ['c.json', 'sub/config.yaml', 'sub/deep/f.yaml', 'sub/e.yaml'],
  ],
])('takes %s of the manifests, less what a file in Git excludes', async (_name, source, expected) => {
  const { files, problems } = await bench.render({ path: 'app', ...source });
  expect(problems).toEqual([]);
  expect(Object.keys(files)).toEqual(expected.map((name) => `app/${name}`));
});

test('takes the overrides of one application over those of all', async () => {
  const { files } = await bench.render({ path: 'app' }, { application: 'other' });
  expect(Object.keys(files)).toHaveLength(names.length - 1);
});

test('hands on Jsonnet, to be refused by name', async () => {
  expect(Object.keys((await bench.render({ path: 'json' })).files)).toEqual(['json/a.jsonnet']);
});

test('merges overrides into the options of Kustomize', async () => {
  const options = { commonAnnotations: { a: 'app', c: 'app' }, nameSuffix: '-t' };
  const { files } = await bench.render({ path: 'k', kustomize: options });
  const [text = ''] = Object.values(files);
  expect(text).toContain('a: file\n    b: file\n    c: app\n');
  expect(text).toContain('name: p-x-s\n');
});

test('reads the parameters that an image updater writes', async () => {
  const { files } = await bench.render({ path: 'h', helm: { parameters: [{ name: 'tag', value: '1' }] } });
  expect(files['h/templates/a.yaml']).toContain('# 12 string');
});

test('names a field of an override that does not exist', async () => {
  const { problems } = await bench.render({ path: 'bad' });
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'UnknownField',
      file: 'bad/.argocd-source.yaml',
      line: 2,
      field: 'kustomise',
      remedy: 'did you mean "kustomize"?',
    }),
  ]);
});

test.each<[string, string, boolean | undefined]>([
  ['*.yaml', 'a/b/c.yaml', true],
  ['*.yaml', 'a.yml', false],
  ['**/a?c', 'x/y/abc', true],
  ['{a,b/*}.json', 'b/c.json', true],
  ['{a,{b,c}}d', 'cd', true],
  ['{a,b}', 'c', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[abc]', 'b', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a*b*c', 'aXbYbZc', true],
  ['', '', true],
  ['{a', 'a', undefined],
  ['[a', 'a', undefined],
])('the glob %s for %s is %s', (pattern, text, expected) => {
  expect(compileGlob(pattern)?.(text)).toBe(expected);
});

test('a glob of many stars takes no time', () => {
  expect(compileGlob('*a'.repeat(50))?.('a'.repeat(5000) + 'b')).toBe(false);
});
