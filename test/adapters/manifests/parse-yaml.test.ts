import { parseManifests } from '../../../src/adapters/manifests/parse-yaml';
import { told, valueOf } from '../../domain/read-yaml';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n';
const parse = (content: string, path = 'a.yaml') => parseManifests([{ path, content }]);

describe('the objects of files', () => {
  test('are all documents of all YAML and JSON files, with file and line', () => {
    const files = [
      {
        path: 'a.yaml',
        content: `# a comment\n---\n${configMap}---\n\n---\n# nothing\n---\nnull\n---\n${configMap.replace('settings', 'b')}`,
      },
      {
        path: 'c.json',
        content: '{\n  "apiVersion": "v1", "kind": "ConfigMap",\n  "metadata": { "name": "c" }\n}',
      },
      { path: 'd.yml', content: configMap.replace('settings', 'd').replaceAll('\n', '\r\n') },
      { path: 'empty.yaml', content: '' },
      { path: 'README.md', content: '# not a manifest: [' },
    ];
    const found = valueOf(parseManifests(files));
    expect(found.map(({ object, file, line }) => `${object.metadata.name} ${file}:${line}`)).toEqual([
      'settings a.yaml:3',
      'b a.yaml:13',
      'c c.json:1',
      'd d.yml:1',
    ]);
    expect(found[2]?.object).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
  });

  test('are the items of a list', () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: { name: a }
  - { apiVersion: v1, kind: Namespace, metadata: { name: b } }
`;
    const found = valueOf(parse(text));
    expect(found.map(({ object, line }) => `${object.metadata.name}:${line}`)).toEqual(['a:4', 'b:7']);
    expect(found[0]?.lineOf(['metadata', 'name'])).toBe(6);
  });

  test('are the items of a list of one kind, which need not repeat it', () => {
    const text =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleList\nitems: [{ metadata: { name: a } }]';
    const [role] = valueOf(parse(text));
    expect(role?.object).toMatchObject({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' });
  });

  test('may be called a list without being one', () => {
    const text = 'apiVersion: net.example/v1\nkind: AllowList\nmetadata: { name: x }\nitems: [a, b]';
    expect(valueOf(parse(text))).toHaveLength(1);
  });

  test('have anchors, aliases and merge keys put in, each as a copy of its own', () => {
    const text = `${configMap}data:\n  a: &a { x: "1", y: "2" }\n  b: *a\n  c: { <<: *a, y: "3" }\n`;
    const data = valueOf(parse(text))[0]?.object['data'] as Record<string, unknown>;
    expect(data).toEqual({ a: { x: '1', y: '2' }, b: { x: '1', y: '2' }, c: { x: '1', y: '3' } });
    expect(data['b']).not.toBe(data['a']);
  });

  test('may be written with brackets that close at the start of a line', () => {
    const text = `${configMap}data: {\n  "a": "b",\n}\nlist: [\n  "c"\n]\n`;
    expect(valueOf(parse(text))[0]?.object).toMatchObject({ data: { a: 'b' }, list: ['c'] });
  });

  test('go by the beginning of their names where a hook of a sync gets a new one each time', () => {
    const head = 'apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: migrate-, ';
    for (const hook of ['argocd.argoproj.io/hook: PreSync', 'helm.sh/hook: pre-install']) {
      const [job] = valueOf(parse(`${head}annotations: { ${hook} } }\n`));
      expect(job?.object.metadata).toMatchObject({ name: 'migrate-', generateName: 'migrate-' });
    }
    const named = valueOf(parse(`${head}name: own, annotations: { helm.sh/hook: test } }\n`));
    expect(named[0]?.object.metadata.name).toBe('own');
    expect(told(parse(`${head.replace('migrate-', '5')}annotations: { helm.sh/hook: test } }\n`))).toEqual([
      'InvalidSpec a.yaml:3: Job: metadata.generateName: must be a text, not the number 5; write it in quotes: "5"',
    ]);
  });

  test('do not include files that Argo CD is told to leave out', () => {
    expect(valueOf(parse(`# +argocd:skip-file-rendering\n${configMap}`))).toEqual([]);
  });

  test('are those of sub-directories as well, unless it is said otherwise', () => {
    const files = [
      { path: 'a.yaml', content: configMap },
      { path: 'sub/b.yaml', content: configMap.replace('settings', 'b') },
      { path: 'sub/Chart.yaml', content: 'name: x' },
    ];
    expect(valueOf(parseManifests(files, { recurse: false }))).toHaveLength(1);
    expect(told(parseManifests(files))).toEqual([
      'InvalidSpec sub/Chart.yaml:1: sub, which is read as plain manifests, is one for Helm; leave it out by directory.exclude, and deliver it by a source of its own with that path',
    ]);
  });
});

describe('the line of a field', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: a
          image: x
        - { name: b,
            image: y }
  other: &other
    deep: 1
  again: *other
  merged:
    <<: *other
    own: 2
`;
  const [located] = valueOf(parse(text));

  test.each([
    [[], 1],
    [['kind'], 2],
    [['metadata', 'name'], 4],
    [['spec', 'template', 'spec', 'containers'], 8],
    [['spec', 'template', 'spec', 'containers', 0, 'image'], 10],
    [['spec', 'template', 'spec', 'containers', 1], 11],
    [['spec', 'template', 'spec', 'containers', 1, 'image'], 12],
    [['spec', 'template', 'spec', 'containers', 7, 'image'], 8],
    [['spec', 'missing', 'field'], 5],
    [['status'], 1],
    [['spec', 'again'], 15],
    [['spec', 'again', 'deep'], 14],
    [['spec', 'merged', 'own'], 18],
    [['spec', 'merged', 'deep'], 16],
  ])('%j is %i', (path, line) => {
    expect(located?.lineOf(path)).toBe(line);
  });
});

/** What `kubectl apply` would send for each scalar (compared with the YAML parser of Kubernetes, sigs.k8s.io/yaml). */
test.each([
  ['0644', 420],
  ['0o644', 420],
  ['0x1F', 31],
  ['0b101', 5],
  ['08', 8],
  ['1_000', 1000],
  ['1e3', 1000],
  ['.5', 0.5],
  ['1.', 1],
  ['-0644', -420],
  ['on', true],
  ['Off', false],
  ['y', true],
  ['NO', false],
  ['tRUE', 'tRUE'],
  ['"on"', 'on'],
  ['!!str on', 'on'],
  ['~', null],
  ['', null],
  ['12:30:45', '12:30:45'],
  ['22:22', '22:22'],
  ['2026-08-01', '2026-08-01'],
  ['2026-08-01T10:00:00Z', '2026-08-01T10:00:00Z'],
  ['1.2.3', '1.2.3'],
  ['100m', '100m'],
  ['1Gi', '1Gi'],
  ['.', '.'],
  ['e5', 'e5'],
  ['1e400', '1e400'],
  ['-', [null]],
])('reads the scalar `%s` as kubectl does', (written, expected) => {
  expect(
    valueOf(
      parse(`${configMap}value: ${written.startsWith('-') && written.length === 1 ? '\n- ' : written}\n`),
    )[0]?.object['value'],
  ).toEqual(expected);
});

test('keys are the texts that are written, whatever YAML makes of them', () => {
  const data = valueOf(parse(`${configMap}data: { on: a, 0644: b, 1.0: c, null: d, __proto__: e, y: f }`))[0]
    ?.object['data'];
  expect(Object.keys(data as object)).toEqual(['on', '0644', '1.0', 'null', '__proto__', 'y']);
});
