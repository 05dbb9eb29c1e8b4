import { detectKind } from '../../../src/adapters/render/detect';
import { substitute } from '../../../src/adapters/render/environment';
import { explainTemplate, splitTemplates } from '../../../src/adapters/render/helm-output';
import { isRemote } from '../../../src/adapters/render/kustomize-references';
import { splitBuilt } from '../../../src/adapters/render/kustomize-output';
import { joinInside } from '../../../src/adapters/render/paths';
import { findTool } from '../../../src/adapters/render/programs';
import type { SourceSpec } from '../../../src/domain/application-spec';

const source: SourceSpec = { repoUrl: '/r', path: 'app', targetRevision: 'HEAD', recurse: false };

test.each<[readonly string[], Partial<SourceSpec>, string | undefined]>([
  [['a.yaml'], {}, 'directory'],
  [['Chart.yaml', 'a.yaml'], {}, 'helm'],
  [['kustomization.yml'], {}, 'kustomize'],
  [['Kustomization'], {}, 'kustomize'],
  [['Chart.yaml', 'kustomization.yaml'], {}, 'kustomize'],
  [['Chart.yaml', 'kustomization.yaml'], { helm: { releaseName: 'a' } }, 'helm'],
  [['Chart.yaml'], { helm: {} }, 'helm'],
  [['a.yaml'], { kustomize: {} }, 'directory'],
  [['a.yaml'], { recurse: true }, 'directory'],
  [['a.yaml'], { helm: { releaseName: 'a' } }, undefined],
  [['Chart.yaml'], { kustomize: { namePrefix: 'a' } }, undefined],
  [['Chart.yaml'], { recurse: true }, undefined],
  [['kustomization.yaml'], { directory: { include: 'a.yaml' } }, 'directory'],
  [['kustomization.yaml'], { directory: { exclude: 'kustomization.*' } }, 'directory'],
  [['kustomization.yaml'], { directory: { include: '*.yaml' } }, undefined],
  [['kustomization.yaml'], { kustomize: { namePrefix: 'a' }, helm: { releaseName: 'b' } }, undefined],
])('a directory of %j with options %j is made by %s', (names, options, expected) => {
  const kind = detectKind({ ...source, ...options }, names);
  expect(kind.ok ? kind.value : undefined).toBe(expected);
});

test.each([
  ['$A', 'one'],
  ['${A}-$A', 'one-one'],
  ['$B', ''],
  ['$$A', '$A'],
  ['a$', 'a$'],
  ['$ a', '$ a'],
  ['$.', '$.'],
])('%s becomes %s', (text, expected) => {
  expect(substitute(text, { A: 'one' })).toBe(expected);
});

test.each([
  ['../base', false],
  ['base', false],
  ['a.yaml', false],
  ['https://example.com/a.yaml', true],
  ['git@github.com:a/b', true],
  ['github.com/a/b?ref=v1', true],
  ['ssh://git@host/a', true],
  ['host/a//sub', true],
])('whether %s is on the network: %s', (path, expected) => {
  expect(isRemote(path)).toBe(expected);
});

test.each([
  ['.', 'a', 'a'],
  ['a/b', '../c', 'a/c'],
  ['a', '..', '.'],
  ['a', '../..', undefined],
  ['.', '../a', undefined],
  ['a', '/b', undefined],
  ['a', 'b/../../../c', undefined],
])('from %s, %s is %s', (from, path, expected) => {
  expect(joinInside(from, path)).toBe(expected);
});

test('splits the output of Helm by template, whatever the template is called', () => {
  const output = [
    '---\n# Source: web/crds/a.yaml\nkind: A\n---\nkind: B\n',
    '---\n# Source: web/templates/x.tpl\nkind: C\n',
    '---\n# Source: web/charts/db/templates/y.yaml\nkind: D\n',
    '---\n# Source: web/templates/../../../../etc/z.yaml\nkind: E\n',
    '---\n# Source: web/crds/a.yaml\nkind: F\n',
  ].join('');
  expect(splitTemplates(output, 'deploy')).toEqual([
    {
      path: 'deploy/crds/a.yaml',
      content: '# Source: web/crds/a.yaml\nkind: A\n---\nkind: B\n---\n# Source: web/crds/a.yaml\nkind: F\n',
    },
    { path: 'deploy/templates/x.tpl.yaml', content: '# Source: web/templates/x.tpl\nkind: C\n' },
    {
      path: 'deploy/charts/db/templates/y.yaml',
      content: '# Source: web/charts/db/templates/y.yaml\nkind: D\n',
    },
    { path: 'deploy/etc/z.yaml', content: '# Source: web/templates/../../../../etc/z.yaml\nkind: E\n' },
  ]);
  expect(splitTemplates('', 'deploy')).toEqual([]);
});

test.each([
  [
    'Error: execution error at (web/templates/a.yaml:5:4): image is required\n\nUse --debug flag to render out invalid YAML\n',
    'app/templates/a.yaml',
    5,
  ],
  [
    'Error: YAML parse error on web/templates/b.yaml: error converting YAML to JSON: yaml: line 3',
    'app/templates/b.yaml',
    undefined,
  ],
  ['Error: template: web/charts/db/templates/c.yaml:2:3: executing', 'app/charts/db/templates/c.yaml', 2],
  ['Error: failed to parse ./repo/app/values.yaml', 'app', undefined],
])('reads the place out of %j', (stderr, file, line) => {
  const problem = explainTemplate(stderr, 'app');
  expect([problem.file, problem.line]).toEqual([file, line]);
  expect(problem.message).not.toContain('repo/');
  expect(problem.message).not.toContain('--debug');
});

test('takes origins out of what Kustomize built, and nothing else', () => {
  const document = (annotations: string) => `kind: A\nmetadata:\n${annotations}  name: a\n`;
  const origin = '    config.kubernetes.io/origin: |\n      path: ../base/a.yaml\n';
  const output = [
    document(`  annotations:\n${origin}`),
    document(`  annotations:\n    a: b\n${origin}    z: y\n`),
    document(
      `  annotations:\n    config.kubernetes.io/origin: |\n      configuredIn: kustomization.yaml\n      configuredBy:\n        kind: X\n`,
    ),
    'data:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: x.yaml\nkind: B\nmetadata:\n  name: b\n',
  ].join('---\n');
  expect(splitBuilt(output, 'app/eu', false)).toEqual([
    {
      path: 'app/base/a.yaml',
      content: [document(''), document('  annotations:\n    a: b\n    z: y\n')].join('---\n'),
    },
    {
      path: 'app/eu/kustomization (built).yaml',
      content: [
        document(''),
        'data:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: x.yaml\nkind: B\nmetadata:\n  name: b\n',
      ].join('---\n'),
    },
  ]);
  expect(splitBuilt(output, 'app/eu', true)[0]?.content).toContain('config.kubernetes.io/origin');
});

test('a program that is not there is named with its version and the remedy', async () => {
  const read = await findTool('helm', { helm: '/none/helm' });
  expect(read).toEqual({
    ok: false,
    problems: [
      {
        code: 'Unsupported',
        message: '/none/helm is no helm that runs',
        remedy: 'install helm 3.22.0, or give the worker its path as BELAY_HELM',
      },
    ],
  });
});
