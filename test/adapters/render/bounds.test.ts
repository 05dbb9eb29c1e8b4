import type { FileSpec } from '../../support/git-repo';
import { configMap, createRenderBench, type RenderBench, type Source } from './bench';

const chart = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const map = (body: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${body}\n`;
const files: Readonly<Record<string, FileSpec>> = {
  'out/a.yaml': { symlink: '../../secret.yaml' },
  'absolute/a.yaml': { symlink: '/etc/passwd' },
  'circle/a.yaml': { symlink: 'b.yaml' },
  'circle/b.yaml': { symlink: 'a.yaml' },
  'linked/a.yaml': { symlink: '../shared/map.yaml' },
  'shared/map.yaml': configMap('shared'),
  'k-out/kustomization.yaml': 'resources:\n- a.yaml\n- link\n',
  'k-out/a.yaml': configMap('a'),
  'k-out/link': { symlink: '../../../etc' },
  'k-up/kustomization.yaml': 'resources:\n- ../../elsewhere\n',
  'k-etc/kustomization.yaml': 'resources: [/etc/passwd]\n',
  'k-file/kustomization.yaml': 'configMapGenerator:\n- {name: a, files: [/etc/hostname]}\n',
  'k-remote/kustomization.yaml': 'resources:\n- https://example.com/base.yaml\n- github.com/a/b?ref=v1\n',
  'k-helm/kustomization.yaml': 'helmCharts:\n- {name: a, repo: https://charts.example.com}\n',
  'k-exec/kustomization.yaml': 'transformers: [run.yaml]\n',
  'k-exec/run.yaml':
    'apiVersion: v1\nkind: Run\nmetadata:\n  name: run\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n',
  'k-exec/run.sh': { content: '#!/bin/sh\ntouch /tmp/it-ran\n', mode: '100755' },
  'k-link/kustomization.yaml': 'resources: [base]\n',
  'k-link/base': { symlink: '../real' },
  'real/kustomization.yaml': 'resources: [map.yaml]\n',
  'real/map.yaml': configMap('shared'),
  'k-loop/kustomization.yaml': 'resources: [../k-loop2]\n',
  'k-loop2/kustomization.yaml': 'resources: [../k-loop]\n',
  'k-bad/kustomization.yaml': 'resources:\n- a\nb: [\n',
  'k-bomb/kustomization.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
  'h-files/Chart.yaml': chart,
  'h-files/templates/a.yaml': map(
    '  got: "{{ .Files.Get "../../../etc/passwd" }}{{ .Files.Get "/etc/passwd" }}"',
  ),
  'h-env/Chart.yaml': chart,
  'h-env/templates/a.yaml': map('  got: {{ env "HOME" | quote }}'),
  'h-link/Chart.yaml': chart,
  'h-link/templates/a.yaml': { symlink: '../../../../etc/hostname' },
  'h-dns/Chart.yaml': chart,
  'h-dns/templates/a.yaml': map('  got: "{{ getHostByName "example.com" }}"'),
  'h-null/Chart.yaml': chart,
  'h-null/templates/a.yaml': map('  ok: "{{ .Values.a.b.c }}"'),
  'h-yaml/Chart.yaml': chart,
  'h-yaml/templates/bad.yaml': 'a: b\n c: d\n',
  'h-empty/Chart.yaml': '',
  'utf16/a.yaml': Buffer.from('\ufeffa: b', 'utf16le'),
};

let bench: RenderBench;
let bare: RenderBench;
beforeAll(async () => {
  bench = await createRenderBench();
  bare = bench.another({ confinement: {} });
  await bench.commit(files);
});
afterAll(() => bench.remove());

test.each<[string, Source, object]>([
  [
    'a link out of the repository',
    { path: 'out' },
    { file: 'out/a.yaml', message: expect.stringContaining('../../secret.yaml') },
  ],
  [
    'an absolute link',
    { path: 'absolute' },
    { file: 'absolute/a.yaml', message: expect.stringContaining('/etc/passwd') },
  ],
  [
    'links in a circle',
    { path: 'circle' },
    { file: expect.stringMatching(/^circle\/[ab].yaml$/), message: 'symlink leads in a circle' },
  ],
  [
    'a link out of a kustomization',
    { path: 'k-out' },
    { file: 'k-out/link', message: expect.stringContaining('../../../etc') },
  ],
  [
    'a base above the repository',
    { path: 'k-up' },
    { file: 'k-up/kustomization.yaml', line: 2, field: 'resources[0]' },
  ],
  [
    'an absolute resource',
    { path: 'k-etc' },
    { file: 'k-etc/kustomization.yaml', message: '/etc/passwd leads out of the repository' },
  ],
  [
    'an absolute file of a generator',
    { path: 'k-file' },
    { file: 'k-file/kustomization.yaml', message: '/etc/hostname leads out of the repository' },
  ],
  [
    'a base on the network',
    { path: 'k-remote' },
    { code: 'Unsupported', file: 'k-remote/kustomization.yaml', line: 2 },
  ],
  ['a chart inflated by Kustomize', { path: 'k-helm' }, { code: 'Unsupported', field: 'helmCharts' }],
  ['a plugin of Kustomize', { path: 'k-exec' }, { message: expect.stringContaining('kustomize: ') }],
  ['kustomizations in a circle', { path: 'k-loop' }, { message: expect.stringContaining('cycle') }],
  [
    'a kustomization that is no YAML',
    { path: 'k-bad' },
    { code: 'InvalidYaml', file: 'k-bad/kustomization.yaml', line: 4 },
  ],
  ['a YAML bomb', { path: 'k-bomb' }, { code: 'InvalidYaml', file: 'k-bomb/kustomization.yaml' }],
  [
    'a value file above the repository',
    { path: 'h-files', helm: { valueFiles: ['../../etc/passwd'] } },
    { field: 'spec.source.helm.valueFiles[0]' },
  ],
  [
    'a value file on the network',
    { path: 'h-files', helm: { valueFiles: ['https://example.com/values.yaml'] } },
    { code: 'Unsupported' },
  ],
  [
    'a value file that is not there',
    { path: 'h-files', helm: { valueFiles: ['none.yaml'] } },
    { code: 'PathNotFound', value: 'none.yaml' },
  ],
  [
    'an unknown reference',
    { path: 'h-files', helm: { valueFiles: ['$none/a.yaml'] } },
    { message: expect.stringContaining('$none') },
  ],
  [
    'a file parameter above the repository',
    { path: 'h-files', helm: { fileParameters: [{ name: 'a', path: '/../../etc/passwd' }] } },
    { field: 'spec.source.helm.fileParameters[0].path' },
  ],
  [
    'a template that asks for the environment',
    { path: 'h-env' },
    { file: 'h-env/templates/a.yaml', message: expect.stringContaining('"env" not defined') },
  ],
  [
    'a link out of a chart',
    { path: 'h-link' },
    { file: 'h-link/templates/a.yaml', message: expect.stringContaining('/etc/hostname') },
  ],
  ['a value that is not there', { path: 'h-null' }, { file: 'h-null/templates/a.yaml', line: 5 }],
  ['a template that gives no YAML', { path: 'h-yaml' }, { file: 'h-yaml/templates/bad.yaml' }],
  [
    'values that are no YAML',
    { path: 'h-files', helm: { values: 'a: [' } },
    { message: expect.stringContaining('helm: ') },
  ],
  ['an empty Chart.yaml', { path: 'h-empty' }, { code: 'InvalidYaml', file: 'h-empty/Chart.yaml' }],
  ['a file that is not UTF-8', { path: 'utf16' }, { file: 'utf16/a.yaml', message: 'is not UTF-8 text' }],
  ['a path that is not there', { path: 'none' }, { code: 'PathNotFound', value: 'none' }],
  ['a file for a directory', { path: 'real/map.yaml' }, { code: 'PathNotFound', value: 'real/map.yaml' }],
  [
    'options of Helm for a kustomization',
    { path: 'real', helm: { releaseName: 'a' } },
    { field: 'spec.source.helm' },
  ],
  [
    'options of Kustomize for a directory',
    { path: 'shared', kustomize: { namePrefix: 'a' } },
    { field: 'spec.source.kustomize' },
  ],
  [
    'a glob that is none',
    { path: 'shared', directory: { include: '{a' } },
    { field: 'spec.source.directory.include' },
  ],
])('refuses %s', async (_name, source, expected) => {
  const { problems, files: rendered } = await bench.render(source);
  expect(rendered).toEqual({});
  expect(problems).toContainEqual(expect.objectContaining(expected));
  expect(JSON.stringify(problems)).not.toContain(bench.dir);
});

test.each(['with', 'without'])('keeps programs inside %s namespaces of the kernel', async (mode) => {
  const renderer = mode === 'with' ? bench : bare;
  const read = await renderer.render({ path: 'h-files' });
  expect(read.files['h-files/templates/a.yaml']).toContain('got: ""');
  const asked = await renderer.render({ path: 'h-dns' });
  expect(asked.files['h-dns/templates/a.yaml']).toContain('got: ""');
  const linked = await renderer.render({ path: 'k-link' });
  expect(linked.problems).toEqual([]);
  expect(Object.values(linked.files).join('')).toContain('name: shared');
});

test('follows links to files inside the repository', async () => {
  const { files: rendered } = await bench.render({ path: 'linked' });
  expect(rendered).toEqual({ 'linked/a.yaml': configMap('shared') });
});
