import { readApplicationFile } from '../../../src/adapters/manifests/read-application-file';
import { applicationText, told, valueOf } from '../../domain/read-yaml';

test('every application of a file is read, whatever the file is called', () => {
  const text = `${applicationText}---\n${applicationText.replace('name: shop\n', 'name: web\n')}`;
  expect(valueOf(readApplicationFile(text, '-')).map(({ name }) => name)).toEqual(['shop', 'web']);
});

test('an application may be written in JSON', () => {
  const text = JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: { source: { repoURL: '/srv/shop.git' }, destination: { name: 'in-cluster', namespace: 'shop' } },
  });
  expect(valueOf(readApplicationFile(text, 'app.json'))).toMatchObject([{ name: 'shop' }]);
});

test('the problems of all applications are told, with their lines', () => {
  const wrong = applicationText.replace('namespace: shop', 'namespace: Shop');
  const text = `${wrong}---\n${applicationText.replace('path:', 'pth:').replace('name: shop\n', 'name: web\n')}`;
  expect(told(readApplicationFile(text, 'apps.yaml'))).toEqual([
    'InvalidSpec apps.yaml:15: Application argocd/shop: spec.destination.namespace: "Shop" is not the name of a namespace; ' +
      'use at most 63 lower-case letters, digits and dashes',
    'UnknownField apps.yaml:34: Application argocd/web: spec.source.pth: unknown field; did you mean "path"?',
  ]);
});

test.each([
  [
    'an empty file',
    '',
    ['InvalidSpec apps.yaml: the file holds no application; write an Application (argoproj.io/v1alpha1)'],
  ],
  [
    'a file of something else',
    'hello',
    [
      'InvalidSpec apps.yaml:1: a Kubernetes object is a map, not a text; keep only Kubernetes manifests in this directory',
    ],
  ],
  [
    'two applications of one name in two namespaces',
    `${applicationText}---\n${applicationText.replace('namespace: argocd', 'namespace: other')}`,
    [
      'DuplicateObject apps.yaml:26: Application other/shop: metadata.name: there is another application called shop in this file; rename one: names are unique in Belay',
    ],
  ],
  [
    'an application among other objects',
    `${applicationText}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n`,
    [
      'InvalidSpec apps.yaml:23: Namespace shop: is not an Application; give a file that holds only applications (argoproj.io/v1alpha1)',
    ],
  ],
  [
    'broken YAML',
    `${applicationText}---\nkind: [`,
    [
      'InvalidYaml apps.yaml:23: not valid YAML at column 8: flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket, and indent what is in it deeper than its key',
    ],
  ],
])('refuses %s', (_name, text, expected) => {
  expect(told(readApplicationFile(text, 'apps.yaml'))).toEqual(expected);
});
