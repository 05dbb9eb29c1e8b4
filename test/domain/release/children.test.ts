import { locate } from '../../../src/domain/located';
import { readChildren } from '../../../src/domain/release/children';
import { valueOf } from '../read-yaml';
import { applicationWith } from '../application-flaws';

const parent = {
  ...valueOf(applicationWith('source: { repoURL: /srv/git/shop.git, path: apps }')),
  name: 'shop',
};

function application(name: string, annotations: Readonly<Record<string, string>> = {}, path = name) {
  const source = { repoURL: '/srv/git/shop.git', path, targetRevision: 'main' };
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'shop' };
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, annotations },
    spec: { project: 'default', source, destination },
  };
  return locate(object, 'apps/all.yaml', 7);
}

const project = locate(
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'shop' } },
  'apps/project.yaml',
);

test('children are a release of the parent’s name, in the order of their waves; what else is there is named', () => {
  const waved = application('web', { 'argocd.argoproj.io/sync-wave': '2', 'belay.dev/depends-on': 'api' });
  const own = application('tools', { 'belay.dev/release': 'tools' });
  const { children, others, problems } = readChildren(parent, [application('api'), waved, own, project]);
  expect(problems).toEqual([]);
  expect(others).toEqual(['AppProject shop']);
  expect(children.map(({ name, release }) => [name, release])).toEqual([
    ['api', { release: 'shop', dependsOn: [], wave: 0 }],
    ['web', { release: 'shop', dependsOn: ['api'], wave: 2 }],
    ['tools', { release: 'tools', dependsOn: [], wave: 0 }],
  ]);
});

test.each([
  ['a path without any', parent, [project], 'apps of shop holds no Application'],
  ['two of one name', parent, [application('a'), application('a')], 'there is another application called a'],
  ['one of its own name', parent, [application('shop')], 'is called like its parent'],
  [
    'a child that cannot be read',
    parent,
    [application('a', { 'belay.dev/depends-on': 'a' })],
    'wait for itself',
  ],
  [
    'more than a history takes',
    parent,
    [application('a', {}, 'x'.repeat(100_000))],
    'the applications of shop are more than 96 KiB together',
  ],
  ['several sources', { ...parent, otherSources: [parent.source] }, [], 'a parent with several sources'],
  [
    'a chart of a chart repository',
    { ...parent, source: { ...parent.source, chart: 'apps' } },
    [application('a')],
    'a parent with a chart of a chart repository',
  ],
])('refuses %s, and answers no child', (_what, spec, objects, message) => {
  const read = readChildren(spec, objects);
  expect(read.children).toEqual([]);
  expect(read.problems.map((each) => each.message).join()).toContain(message);
});

test('says where a child is that cannot be read', () => {
  const { problems } = readChildren(parent, [application('a', { 'belay.dev/release': 'No Name' })]);
  expect(problems).toMatchObject([{ file: 'apps/all.yaml', line: 7, object: 'Application a' }]);
});
