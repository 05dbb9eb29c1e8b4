import { readApplication } from '../../src/domain/read-application';
import { applicationText, between, edit, objectsIn, told, valueOf, type BadRow } from './read-yaml';

const read = (from: string, to: string) => {
  const [located] = objectsIn(edit(applicationText, from, to), 'app.yaml');
  if (located === undefined) throw new Error('no object');
  return readApplication(located);
};
const url = 'https://git.example/team/shop.git';
const source = between(applicationText, '  source:', '  destination:');
const revision = 'targetRevision: main';
const path = 'path: deploy/shop';
const destination = between(applicationText, '  destination:', '  syncPolicy:');
const server = 'server: https://kubernetes.default.svc';

test.each([
  ['https', 'https://git.example/team/shop'],
  ['https with a user name', 'https://anna@git.example/team/shop.git'],
  ['http', 'http://localhost:3000/shop.git'],
  ['ssh', 'ssh://git@git.example:2222/team/shop.git'],
  ['the form of scp', 'git@git.example:team/shop.git'],
  ['file', 'file:///srv/git/shop.git'],
  ['an absolute path', '/srv/git/shop.git'],
])('takes a repository by %s', (_name, repoUrl) => {
  expect(valueOf(read(url, repoUrl)).source).toMatchObject({ repoUrl });
});

test.each([
  ['path: /', undefined],
  ['path: .', '.'],
  ['path: ""', '.'],
  ['path:', '.'],
  ['path: ./', '.'],
  ['path: ./deploy//shop/', 'deploy/shop'],
  ['path: deploy/./shop', 'deploy/shop'],
  ['path: deploy/..shop', 'deploy/..shop'],
])('reads `%s`', (written, expected) => {
  const found = read(path, written);
  expect(found.ok ? found.value.source.path : undefined).toBe(expected);
});

test.each([
  ['targetRevision: HEAD', 'HEAD'],
  ['targetRevision:', 'HEAD'],
  ['targetRevision: ""', 'HEAD'],
  ['targetRevision: release/1.x', 'release/1.x'],
  ['targetRevision: v1.2.3', 'v1.2.3'],
  ['targetRevision: refs/heads/main', 'refs/heads/main'],
  ['targetRevision: "1234567"', '1234567'],
  ['targetRevision: e5', 'e5'],
  ['targetRevision: 1.*', '1.*'],
  ['targetRevision: refs/tags/1.*', 'refs/tags/1.*'],
  ['targetRevision: ^1.2', '^1.2'],
  ['targetRevision: ">=1.0 <2.0"', '>=1.0 <2.0'],
  ['targetRevision: "*"', '*'],
])('reads `%s`', (written, expected) => {
  expect(valueOf(read(revision, written)).source.targetRevision).toBe(expected);
});

test.each([
  ['sub-directories', 'directory: { recurse: true }', true],
  ['a directory as Argo CD writes it out', 'directory: { jsonnet: {} }', false],
  ['tools that are asked for nothing', 'kustomize: {}\n    helm: {}\n    name: main', false],
])('reads %s', (_name, written, recurse) => {
  expect(valueOf(read(path, `${path}\n    ${written}`)).source).toMatchObject({ recurse });
});

test('a slash at the end of the server means nothing', () => {
  const found = valueOf(read(server, 'server: https://10.0.0.1:6443/'));
  expect(found.destination).toEqual({ server: 'https://10.0.0.1:6443', namespace: 'shop' });
});

const rows: readonly BadRow[] = [
  [
    'no source',
    source,
    '',
    'InvalidSpec app.yaml:7: Application argocd/shop: spec.source: is missing; write source.repoURL and source.path',
  ],
  [
    'no repository',
    `repoURL: ${url}`,
    'repoURL: ""',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: is missing; write an https, ssh or file URL, git@host:path, or an absolute path',
  ],
  [
    'a repository that is a number',
    `repoURL: ${url}`,
    'repoURL: 5',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: must be a text, not the number 5; write it in quotes: "5"',
  ],
  [
    'a word in the place of the URL',
    url,
    'shop',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: repository URL shop names no Git repository; write an https, ssh or file URL, git@host:path, or an absolute path',
  ],
  [
    'an unknown scheme',
    url,
    'ftp://git.example/shop.git',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: repository URL ftp://git.example/shop.git names no Git repository; write an https, ssh or file URL, git@host:path, or an absolute path',
  ],
  [
    'a remote helper',
    url,
    '"ext::sh -c touch% /tmp/x"',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: repository URL ext::sh -c touch% /tmp/x names no Git repository; write an https, ssh or file URL, git@host:path, or an absolute path',
  ],
  [
    'an OCI artefact',
    url,
    'oci://registry.example/shop',
    'Unsupported app.yaml:10: Application argocd/shop: spec.source.repoURL: a repository of OCI artefacts is not supported yet; write an https, ssh or file URL, git@host:path, or an absolute path',
  ],
  [
    'a password in the URL',
    url,
    'https://anna:hunter2@git.example/shop.git',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: the URL has a password in it; take it out of Git, change it, and give the worker the credentials instead',
  ],
  [
    'a token in the URL',
    url,
    `https://ghp_${'abcdefghijklmnopqrst'}@git.example/shop.git`,
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: the URL has a password in it; take it out of Git, change it, and give the worker the credentials instead',
  ],
  [
    'a password in the form of scp',
    url,
    'anna:hunter2@git.example:shop.git',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: the URL has a password in it; take it out of Git, change it, and give the worker the credentials instead',
  ],
  [
    'a token in the query',
    url,
    'https://git.example/shop.git?access_token=hunter2',
    'InvalidSpec app.yaml:10: Application argocd/shop: spec.source.repoURL: the URL has a query in it, which may hold a secret; take it out of Git, change it, and give the worker the credentials instead',
  ],
  [
    'an absolute path',
    path,
    'path: /deploy',
    "InvalidSpec app.yaml:12: Application argocd/shop: spec.source.path: path /deploy is absolute; write it relative to the repository's root, such as deploy/web",
  ],
  [
    'a path that leaves the repository',
    path,
    'path: deploy/../../etc',
    'InvalidSpec app.yaml:12: Application argocd/shop: spec.source.path: path deploy/../../etc has ".." in it; write it relative to the repository\'s root, such as deploy/web',
  ],
  [
    'a path with a backslash',
    path,
    'path: deploy\\shop',
    "InvalidSpec app.yaml:12: Application argocd/shop: spec.source.path: has characters that no path has; write it relative to the repository's root, such as deploy/web",
  ],
  [
    'a revision that is a number',
    revision,
    'targetRevision: 1.10',
    'InvalidSpec app.yaml:11: Application argocd/shop: spec.source.targetRevision: must be a text, not the number 1.1; write it in quotes: "1.1"',
  ],
  [
    'a revision that Git cannot have',
    revision,
    'targetRevision: ma in',
    'InvalidSpec app.yaml:11: Application argocd/shop: spec.source.targetRevision: "ma in" can be no branch, tag or commit, and is no range of versions; name a branch, a tag, a commit, or a range of tags such as 1.*, ^1.2 or ">=1.2 <2"',
  ],
  [
    'a revision that looks like an option',
    revision,
    'targetRevision: --upload-pack=x',
    'InvalidSpec app.yaml:11: Application argocd/shop: spec.source.targetRevision: "--upload-pack=x" can be no branch, tag or commit, and is no range of versions; name a branch, a tag, a commit, or a range of tags such as 1.*, ^1.2 or ">=1.2 <2"',
  ],
  [
    'a plugin',
    path,
    'plugin: { name: x }',
    'Unsupported app.yaml:12: Application argocd/shop: spec.source.plugin: a config management plugin is not supported yet; commit the rendered manifests and point spec.source.path at them',
  ],
  [
    'a tag prefix',
    path,
    'tagPrefix: v',
    'Unsupported app.yaml:12: Application argocd/shop: spec.source.tagPrefix: tagPrefix is not supported yet; name the branch, tag or commit itself in spec.source.targetRevision',
  ],
  [
    'Jsonnet',
    path,
    'directory: { jsonnet: { tlas: [{ name: a, value: b }] } }',
    'Unsupported app.yaml:12: Application argocd/shop: spec.source.directory.jsonnet: Jsonnet is not supported yet; commit the output of `jsonnet` and point spec.source.path at it',
  ],
  [
    'a misspelt field',
    path,
    'pth: deploy/shop',
    'UnknownField app.yaml:12: Application argocd/shop: spec.source.pth: unknown field; did you mean "path"?',
  ],
  [
    'a misspelt field of the directory',
    path,
    'directory: { recurs: true }',
    'UnknownField app.yaml:12: Application argocd/shop: spec.source.directory.recurs: unknown field; did you mean "recurse"?',
  ],
  [
    'no destination',
    destination,
    '',
    'InvalidSpec app.yaml:7: Application argocd/shop: spec.destination: is missing; write destination.server (or destination.name) and destination.namespace',
  ],
  [
    'no cluster',
    `    ${server}\n`,
    '',
    "InvalidSpec app.yaml:13: Application argocd/shop: spec.destination: names no cluster; write server: https://kubernetes.default.svc for the worker's own cluster, or the name of a cluster",
  ],
  [
    'two clusters',
    server,
    `${server}\n    name: prod`,
    'InvalidSpec app.yaml:15: Application argocd/shop: spec.destination.name: server and name are both given; keep one of them',
  ],
  [
    'a server that is no URL',
    server,
    'server: kubernetes',
    'InvalidSpec app.yaml:14: Application argocd/shop: spec.destination.server: "kubernetes" is not the URL of an API server; write the URL of an API server, such as https://kubernetes.default.svc',
  ],
  [
    'a password in the server',
    server,
    'server: https://admin:hunter2@10.0.0.1',
    'InvalidSpec app.yaml:14: Application argocd/shop: spec.destination.server: the URL has credentials in it; write the URL of an API server, such as https://kubernetes.default.svc',
  ],
  [
    'no namespace',
    '    namespace: shop\n',
    '',
    'InvalidSpec app.yaml:13: Application argocd/shop: spec.destination.namespace: is missing; write the namespace for objects that name none',
  ],
  [
    'a namespace with capitals',
    '    namespace: shop\n',
    '    namespace: Shop\n',
    'InvalidSpec app.yaml:15: Application argocd/shop: spec.destination.namespace: "Shop" is not the name of a namespace; use at most 63 lower-case letters, digits and dashes',
  ],
  [
    'a misspelt field of the destination',
    '    namespace: shop\n',
    '    namespace: shop\n    sever: x\n',
    'UnknownField app.yaml:16: Application argocd/shop: spec.destination.sever: unknown field; did you mean "server"?',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(read(from, to))).toEqual(expected);
});

test.each(rows)('says nothing secret about %s', (_name, from, to) => {
  expect(JSON.stringify(read(from, to))).not.toMatch(/hunter2|ghp_/);
});
