import { groupRevisions } from '../../../src/domain/lint/group';
import { objectsIn } from '../read-yaml';

const thing = (name: string, namespace?: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }\n`;
const application = (path: string, rest = '') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: { source: { path: ${path}${rest} }, destination: { namespace: shop } }\n`;

function groupsOf(files: Readonly<Record<string, string>>, namespace?: string) {
  const objects = Object.entries(files).flatMap(([path, text]) => objectsIn(text, path));
  return groupRevisions(objects, namespace).map((group) => [
    group.directory,
    group.namespace,
    group.objects.map(({ object }) => object.metadata.name).join(' '),
  ]);
}

test('each directory is a revision of its own', () => {
  expect(groupsOf({ 'a.yaml': thing('a'), 'x/b.yaml': thing('b'), 'x/c.yaml': thing('c') })).toEqual([
    ['.', 'default', 'a'],
    ['x', 'default', 'b c'],
  ]);
});

test('an Application gives its namespace to the directory that it points to, and is no part of another one', () => {
  expect(groupsOf({ 'deploy/app.yaml': application('k8s'), 'deploy/k8s/b.yaml': thing('b') })).toEqual([
    ['deploy/k8s', 'shop', 'b'],
  ]);
});

test('an Application that recurses takes the directories below with it', () => {
  const files = { 'k8s/a.yaml': thing('a'), 'k8s/x/b.yaml': thing('b') };
  expect(groupsOf({ 'app.yaml': application('k8s', ', directory: { recurse: true }'), ...files })).toEqual([
    ['k8s', 'shop', 'a b'],
  ]);
  expect(groupsOf({ 'app.yaml': application('k8s'), ...files })).toEqual([
    ['k8s', 'shop', 'a'],
    ['k8s/x', 'default', 'b'],
  ]);
});

test('of two Applications with one path the nearer one counts', () => {
  const other = application('k8s').replace('namespace: shop', 'namespace: api');
  expect(
    groupsOf({
      'shop/app.yaml': application('k8s'),
      'api/app.yaml': other,
      'shop/k8s/a.yaml': thing('a'),
      'api/k8s/b.yaml': thing('b'),
    }),
  ).toEqual([
    ['shop/k8s', 'shop', 'a'],
    ['api/k8s', 'api', 'b'],
  ]);
});

test('an Application inside of what it points to is an object of it, which its readers refuse', () => {
  expect(groupsOf({ 'k8s/app.yaml': application('k8s'), 'k8s/b.yaml': thing('b') })).toEqual([
    ['k8s', 'shop', 'a b'],
  ]);
});

test('without an Application the only namespace that is written counts, and a given one more', () => {
  expect(groupsOf({ 'a.yaml': thing('a', 'x'), 'b.yaml': thing('b') })).toEqual([['.', 'x', 'a b']]);
  expect(groupsOf({ 'a.yaml': thing('a', 'x'), 'b.yaml': thing('b') }, 'y')).toEqual([['.', 'y', 'a b']]);
  expect(groupsOf({ 'a.yaml': thing('a', 'x'), 'b.yaml': thing('b', 'z') })).toEqual([
    ['.', 'default', 'a b'],
  ]);
});
