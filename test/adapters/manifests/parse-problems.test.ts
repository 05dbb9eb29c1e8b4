import { limits } from '../../../src/adapters/manifests/limits';
import { parseManifests } from '../../../src/adapters/manifests/parse-yaml';
import { told } from '../../domain/read-yaml';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n';
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData:\n';
const parse = (content: string, path = 'a.yaml') => parseManifests([{ path, content }]);

type Row = readonly [name: string, text: string, ...told: string[]];

const yamlRows: readonly Row[] = [
  [
    'a tab as indentation',
    'data:\n\tkey: value\n',
    'InvalidYaml a.yaml:5: not valid YAML at column 1: tabs are not allowed as indentation; indent with spaces',
  ],
  [
    'a bracket that is not closed',
    'data: { a: [1, 2 }\n',
    'InvalidYaml a.yaml:4: not valid YAML at column 18: flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket, and indent what is in it deeper than its key',
  ],
  [
    'a quote that is not closed',
    'data: { a: "b }\n',
    'InvalidYaml a.yaml:5: not valid YAML at column 1: missing closing quote "; close it, and indent its further lines deeper than its key',
  ],
  [
    'a colon in a value',
    'data:\n  a: b: c\n',
    'InvalidYaml a.yaml:5: not valid YAML at column 6: nested mappings are not allowed in compact mappings; mend the syntax',
  ],
  [
    'wrong indentation',
    'data:\n    a: "1"\n  b: "2"\n',
    'InvalidYaml a.yaml:6: not valid YAML at column 1: all mapping items must start at the same column; indent what belongs together alike, and deeper than what it belongs to',
  ],
  [
    'an at sign',
    'data: { a: @home }\n',
    'InvalidYaml a.yaml:4: not valid YAML at column 12: plain value cannot start with reserved character @; write the value in quotes',
  ],
  [
    'a template',
    'data: {{ .Values.data }}\n',
    'InvalidYaml a.yaml:4: not valid YAML at column 8: a key is no text; write a text as the key; a template ({{ }}) has to be rendered first',
  ],
  [
    'a key that is written twice',
    'data:\n  a: "1"\n  b: "2"\n  a: "3"\n',
    'InvalidYaml a.yaml:7: key "a" is written twice in one map, first in line 5; remove one of them',
  ],
  [
    'a key that is written thrice, and another one',
    'a: 1\na: 2\na: 3\nb: { c: 1, c: 2 }\n',
    'InvalidYaml a.yaml:5: key "a" is written twice in one map, first in line 4; remove one of them',
    'InvalidYaml a.yaml:6: key "a" is written twice in one map, first in line 4; remove one of them',
    'InvalidYaml a.yaml:7: key "c" is written twice in one map, first in line 7; remove one of them',
  ],
  [
    'an alias without anchor',
    'data: *nowhere\n',
    'InvalidYaml a.yaml:4: an alias of an anchor that is not written before it; write the value in quotes if it is a text that begins with *',
  ],
  [
    'a merge of something that is no map',
    'a: &a 1\ndata: { <<: *a }\n',
    'InvalidYaml a.yaml:1: a merge key (<<) refers to something that is no map; write the values out',
  ],
  [
    'an alias inside its own anchor',
    'data: &a [*a]\n',
    'InvalidYaml a.yaml:1: has more than 100 maps and lists inside each other; flatten it',
  ],
  [
    'a tag of another program',
    'data: !Ref bucket\n',
    'InvalidYaml a.yaml:4: not valid YAML at column 7: unresolved tag; remove the tag: Kubernetes objects have none',
  ],
  [
    'binary data',
    'data: { a: !!binary aGVsbG8= }\n',
    'InvalidYaml a.yaml:4: not valid YAML at column 12: unresolved tag; remove the tag: Kubernetes objects have none',
  ],
  [
    'a number that JSON does not have',
    'data: .nan\n',
    'InvalidYaml a.yaml:4: a number that JSON does not have; write it in quotes if it is a text',
  ],
  [
    'a number that would be rounded',
    'data: 12345678901234567890\n',
    'InvalidYaml a.yaml:4: a number beyond 2^53, which would be rounded; write it in quotes if it is a text',
  ],
  [
    'a password that looks like an alias',
    'data: { a: b, c: *word }\n',
    'InvalidYaml a.yaml:4: an alias of an anchor that is not written before it; write the value in quotes if it is a text that begins with *',
  ],
  [
    'two broken documents',
    'data: [\n---\nkind: ]\n',
    'InvalidYaml a.yaml:5: not valid YAML at column 1: flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket, and indent what is in it deeper than its key',
    'InvalidYaml a.yaml:6: not valid YAML at column 7: unexpected flow-seq-end token in YAML stream; mend the syntax',
  ],
];

test.each(yamlRows)('refuses %s', (_name, text, ...expected) => {
  expect(told(parse(head + text))).toEqual(expected);
});

const objectRows: readonly Row[] = [
  [
    'a text',
    'hello\n',
    'InvalidSpec a.yaml:1: a Kubernetes object is a map, not a text; keep only Kubernetes manifests in this directory',
  ],
  [
    'a list of objects',
    '- apiVersion: v1\n',
    'InvalidSpec a.yaml:1: a Kubernetes object is a map, not a list; keep only Kubernetes manifests in this directory',
  ],
  [
    'the values of a chart',
    'image:\n  tag: "2"\n',
    'InvalidSpec a.yaml:1: not a Kubernetes object: apiVersion and kind are missing; keep only Kubernetes manifests in this directory',
  ],
  [
    'an object without kind',
    'apiVersion: v1\nmetadata: { name: a }\n',
    'InvalidSpec a.yaml:1: kind: is missing; write it, such as Deployment',
  ],
  [
    'an object without apiVersion',
    'kind: Secret\nmetadata: { name: a }\n',
    'InvalidSpec a.yaml:1: Secret: apiVersion: is missing; write it, such as apps/v1',
  ],
  [
    'an object with a version that is a number',
    'apiVersion: 1\nkind: Service\nmetadata: { name: a }\n',
    'InvalidSpec a.yaml:1: Service: apiVersion: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    'an object without name',
    'apiVersion: v1\nkind: Service\nmetadata: { labels: {} }\n',
    'InvalidSpec a.yaml:3: Service: metadata.name: is missing; give the object a name',
  ],
  [
    'an object without metadata',
    'apiVersion: v1\nkind: Service\nspec: {}\n',
    'InvalidSpec a.yaml:1: Service: metadata.name: is missing; give the object a name',
  ],
  [
    'an object whose name is a number',
    'apiVersion: v1\nkind: Service\nmetadata: { name: 5 }\n',
    'InvalidSpec a.yaml:3: Service: metadata.name: must be a text, not the number 5; write it in quotes: "5"',
  ],
  [
    'an object whose name is a switch',
    'apiVersion: v1\nkind: Service\nmetadata: { name: on }\n',
    'InvalidSpec a.yaml:3: Service: metadata.name: must be a text, not the boolean true; write it in quotes: YAML reads y, n, yes, no, on and off as true and false',
  ],
  [
    'an object whose namespace is empty',
    'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: "" }\n',
    'InvalidSpec a.yaml:3: Service: metadata.namespace: is missing; write a name or remove it',
  ],
  [
    'an object whose metadata is a list',
    'apiVersion: v1\nkind: Service\nmetadata: [a]\n',
    'InvalidSpec a.yaml:3: Service: metadata: must be a map of fields, not a list; write metadata.name',
  ],
  [
    'an object that gets a new name each time',
    'apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: a- }\n',
    'Unsupported a.yaml:3: Job: metadata.generateName: only hooks of a sync may get a new name each time; write metadata.name',
  ],
  [
    'a wrong item of a list',
    'apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Service }\n  - 5\n',
    'InvalidSpec a.yaml:4: Service: metadata.name: is missing; give the object a name',
    'InvalidSpec a.yaml:5: a Kubernetes object is a map, not the number 5; keep only Kubernetes manifests in this directory',
  ],
  [
    'two equal objects',
    `${head}---\n${head}`,
    'DuplicateObject a.yaml:5: ConfigMap settings: is already in a.yaml:1; remove one of the two, or give them different names',
  ],
  [
    'a list that is null',
    'apiVersion: v1\nkind: List\nitems:\n',
    'InvalidSpec a.yaml:3: List: items: must be a list of objects; write them under it, or [] for none',
  ],
  [
    'a list without items',
    'apiVersion: v1\nkind: List\n',
    'InvalidSpec a.yaml:1: List: items: must be a list of objects; write them under it, or [] for none',
  ],
  [
    'two versions of one object',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n---\napiVersion: apps/v1beta1\nkind: Deployment\nmetadata: { name: a }\n',
    'DuplicateObject a.yaml:5: Deployment a: is already in a.yaml:1; remove one of the two, or give them different names',
  ],
];

test.each(objectRows)('refuses %s', (_name, text, ...expected) => {
  expect(told(parse(text))).toEqual(expected);
});

describe('a directory of another tool', () => {
  const kustomization = 'kind: Kustomization\nresources: [web.yaml]\n';

  test.each([
    ['kustomization.yaml', 'Kustomize'],
    ['kustomization.yml', 'Kustomize'],
    ['Kustomization', 'Kustomize'],
    ['Chart.yaml', 'Helm'],
  ])('with %s is refused by the name of %s, once', (path, tool) => {
    const files = [
      { path: 'patch.yaml', content: 'spec: {}' },
      { path, content: kustomization },
      { path: 'templates/web.yaml', content: 'a: {{ .Values.a }}' },
    ];
    expect(told(parseManifests(files))).toEqual([
      `InvalidSpec ${path}:1: this directory is one for ${tool}; remove source.directory, or the file`,
    ]);
  });

  test('leaves the problems of other directories to be told', () => {
    const files = [
      { path: 'base/kustomization.yaml', content: kustomization },
      { path: 'base/patch.yaml', content: 'spec: {}' },
      { path: 'web.yaml', content: 'kind: Service' },
    ];
    const [first, ...others] = told(parseManifests(files));
    expect(first).toBe(
      'InvalidSpec base/kustomization.yaml:1: base, which is read as plain manifests, is one for Kustomize; ' +
        'leave it out by directory.exclude, and deliver it by a source of its own with that path',
    );
    expect(others.map((line) => line.split(';')[0])).toEqual([
      'InvalidSpec web.yaml:1: Service: apiVersion: is missing',
      'InvalidSpec web.yaml:1: Service: metadata.name: is missing',
    ]);
  });

  test('with Jsonnet is refused', () => {
    expect(told(parse('{}', 'main.jsonnet'))).toEqual([
      'Unsupported main.jsonnet:1: Jsonnet is not supported yet; ' +
        'commit the output of `jsonnet` and point spec.source.path at it',
    ]);
  });
});

test.each([
  ['a quote that is not closed', '  password: "hunter2\n'],
  ['a bracket', '  password: [hunter2\n'],
  ['an alias', '  password: *hunter2\n'],
  ['a tag', '  password: !hunter2\n'],
  ['an escape', '  password: "\\hunter2"\n'],
  ['a second colon', '  password: a: hunter2\n'],
  ['a percent sign', '  password: %hunter2\n'],
  ['text after a quote', '  password: "x" hunter2\n'],
  ['text after a block sign', '  password: | hunter2\n'],
  ['a line that is nowhere', '  password: x\nhunter2\n'],
  ['a text of two lines', '  password: x\n hunter2: y\n'],
  ['a value that is written twice', '  password: hunter2\n  password: hunter2\n'],
  ['a value that is far too deep', `  password: ${'['.repeat(200)}hunter2${']'.repeat(200)}\n`],
  ['a missing kind', '  password: hunter2\nkind: hunter2\n'],
])('what a Secret holds is not repeated: %s', (_name, text) => {
  const read = parse(secret + text);
  expect(read.ok).toBe(false);
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

describe('what would stop the process', () => {
  const ten = (name: string) => Array.from({ length: 10 }, () => `*${name}`).join(', ');
  const laughs = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${ten(`a${i}`)}]`);

  test.each([
    [
      'a billion laughs',
      `a0: &a0 lol\n${laughs.join('\n')}\n`,
      `an anchor is used more than ${limits.aliases} times`,
    ],
    [
      'a long text many times',
      `a: &a ${'x'.repeat(100_000)}\nb: [${'*a, '.repeat(900)}]\n`,
      'is longer than 3 million characters with its aliases written out',
    ],
    [
      'brackets without end',
      `a: ${'['.repeat(20_000)}\n`,
      'has more than 100 maps and lists inside each other',
    ],
    [
      'deep brackets',
      `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`,
      'has more than 100 maps and lists inside each other',
    ],
    [
      'a file that is too long',
      `a: ${'x'.repeat(limits.fileLength)}\n`,
      'is longer than 5 million characters',
    ],
  ])('is refused: %s', (_name, text, message) => {
    const read = parse(head + text);
    expect(read.ok ? [] : read.problems.map((problem) => problem.message)).toContain(message);
  });

  test('is refused: more objects than one application has', () => {
    const items = '  { apiVersion: v1, kind: Service, metadata: { name: a } },\n'.repeat(limits.objects + 1);
    const lines = told(parse(`apiVersion: v1\nkind: List\nitems: [\n${items}  ]\n`));
    expect(lines).toEqual([
      'InvalidYaml a.yaml: more than 5000 objects in one application; split the application',
    ]);
  });

  test('takes time in proportion to the keys of a map, not to their square', () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => `  k${i}: "${i}"`).join('\n');
    // By comparing each key with every other one, as the library does, this would outlast the time limit of tests.
    expect(parse(`${head}data:\n${keys}\n`).ok).toBe(true);
  });
});
