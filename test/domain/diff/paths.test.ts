import { matchesGlob } from '../../../src/domain/glob';
import { managedPaths } from '../../../src/domain/diff/managed-paths';
import { entriesFor } from '../../../src/domain/diff/match-ignore';
import { counterpart, withoutPaths } from '../../../src/domain/diff/paths';
import { pathOfPointer, pathsOfJq } from '../../../src/domain/diff/pointers';
import type { KubeObject } from '../../../src/domain/kube-object';

test.each<[string, string, boolean]>([
  ['Deployment', 'Deployment', true],
  ['Deployment', 'Deployments', false],
  ['*', '', true],
  ['*', 'apps', true],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['web-?', 'web-1', true],
  ['web-?', 'web-10', false],
  ['{web,api}-*', 'api-x', true],
  ['{web,api}-*', 'db-x', false],
  ['web-[0-9]', 'web-7', true],
  ['web-[!0-9]', 'web-7', false],
  ['a.b', 'axb', false],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['a+(b', 'a+(b', true],
  ['{a', 'a', false],
])('the glob %s on "%s": %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

describe('an entry of ignoreDifferences', () => {
  const lists = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] };
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  test.each<[object, boolean]>([
    [{ group: 'apps', kind: 'Deployment' }, true],
    [{ group: '', kind: 'Deployment' }, false],
    [{ group: '*', kind: '*' }, true],
    [{ group: 'apps', kind: '*Set' }, false],
    [{ group: 'apps', kind: 'Deployment', name: 'web' }, true],
    [{ group: 'apps', kind: 'Deployment', name: 'web-*' }, false],
    [{ group: 'apps', kind: 'Deployment', name: 'w*' }, false],
    [{ group: '*s', kind: 'Dep*', name: 'web', namespace: 'shop' }, true],
    [{ group: 'apps', kind: 'Deployment', namespace: 'other' }, false],
    [{ group: 'apps', kind: 'Deployment', name: '', namespace: '' }, true],
  ])('%j speaks of Deployment shop/web: %s', (entry, matches) => {
    const entries = [{ group: '', kind: '', ...entry, ...lists }];
    expect(entriesFor(entries, ref)).toHaveLength(matches ? 1 : 0);
  });
});

const value = { spec: { 'a/b~c': 1, list: [{ name: 'a' }, { name: 'b', x: 1 }, { name: 'c' }] } };

test.each<[string, readonly unknown[] | undefined]>([
  ['/spec/a~1b~0c', ['spec', 'a/b~c']],
  ['/spec/list/1/x', ['spec', 'list', 1, 'x']],
  ['/spec/list/9', undefined],
  ['/spec/list/-', undefined],
  ['/spec/list/name', undefined],
  ['/nothing', undefined],
  ['', undefined],
  ['spec', undefined],
  ['/spec/__proto__', undefined],
])('the JSON pointer %s', (pointer, path) => {
  expect(pathOfPointer(value, pointer)).toEqual(path);
});

test.each<[readonly unknown[], readonly unknown[]]>([
  [['spec', 'list', -1], [['spec', 'list', 2]]],
  [
    ['spec', 'list', { start: 1, end: null }, 'name'],
    [
      ['spec', 'list', 1, 'name'],
      ['spec', 'list', 2, 'name'],
    ],
  ],
  [['spec', 'list', { start: null, end: -2 }], [['spec', 'list', 0]]],
  [[], [[]]],
])("jq's path %j", (path, paths) => {
  expect(pathsOfJq(value, path)).toEqual(paths);
});

test('several items of a list go at once, whatever the order of their paths', () => {
  const paths = [
    ['spec', 'list', 0],
    ['spec', 'list', 2],
    ['spec', 'nothing', 'there'],
    ['spec', 'a/b~c'],
    ['spec', 'list', 1, 'x'],
  ];
  expect(withoutPaths(value, paths)).toEqual({ spec: { list: [{ name: 'b' }] } });
  expect(value.spec.list).toHaveLength(3);
});

test('a field is found again in another order, and not where its item is missing', () => {
  const other = { spec: { list: [{ name: 'c' }, { name: 'b' }] } };
  expect(counterpart(value, other, ['spec', 'list', 1, 'x'])).toEqual(['spec', 'list', 1, 'x']);
  expect(counterpart(value, other, ['spec', 'list', 2])).toEqual(['spec', 'list', 0]);
  expect(counterpart(value, other, ['spec', 'list', 0])).toBeUndefined();
});

test('the fields of a manager are the innermost ones that are there', () => {
  const fieldsV1 = {
    'f:metadata': { 'f:labels': { '.': {}, 'f:a': {}, 'f:gone': {} }, 'f:finalizers': { 'v:"x"': {} } },
    'f:spec': {
      'f:replicas': {},
      'f:ports': {
        'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} },
        'k:{"port":81,"protocol":"TCP"}': {},
      },
    },
  };
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'web',
      labels: { a: '1', b: '2' },
      finalizers: ['y', 'x'],
      managedFields: [
        { manager: 'hpa', operation: 'Update', fieldsV1 },
        { manager: 'other', fieldsV1: { 'f:spec': {} } },
      ],
    },
    spec: { replicas: 3, ports: [{ port: 79 }, { port: 80, name: 'web' }] },
  };
  expect(managedPaths(object, (manager) => manager === 'hpa')).toEqual([
    ['metadata', 'labels', 'a'],
    ['metadata', 'finalizers', 1],
    ['spec', 'replicas'],
    ['spec', 'ports', 1, 'name'],
  ]);
});
