import { concerns } from '../../../src/domain/webhooks/concerns';
import { providerOf } from '../../../src/domain/webhooks/provider-of';
import type { Headers, Provider } from '../../../src/domain/webhooks/push';
import { readPush } from '../../../src/domain/webhooks/read-push';
import { touches } from '../../../src/domain/webhooks/touches';

const [old, now, none] = ['a'.repeat(40), 'b'.repeat(40), '0'.repeat(40)];
const page = 'https://forge.example/acme/shop';
const addresses = { clone_url: `${page}.git`, ssh_url: 'git@forge.example:acme/shop.git' };
const repository = { html_url: page, ...addresses, default_branch: 'main' };
const commit = { id: now, added: ['k8s/a.yaml'], modified: ['k8s/b.yaml'], removed: ['old.yaml'] };
const files = ['k8s/a.yaml', 'k8s/b.yaml', 'old.yaml'];
const push = { ref: 'refs/heads/main', before: old, after: now, commits: [commit] };
const change = { ref: 'refs/heads/main', before: old, after: now };
const urls = [page, addresses.clone_url, addresses.ssh_url];

const github = { 'x-github-event': 'push' };
const gitlab = { 'x-gitlab-event': 'Push Hook' };
const gitea = { 'x-gitea-event': 'push', 'x-gogs-event': 'push', 'x-github-event': 'push' };
const cloud = { 'x-event-key': 'repo:push', 'x-hook-uuid': '1' };
const server = { 'x-event-key': 'repo:refs_changed' };
const azure = { 'x-vss-activityid': '1' };
const project = {
  web_url: page,
  git_http_url: addresses.clone_url,
  git_ssh_url: addresses.ssh_url,
  default_branch: 'main',
};

function read(headers: Headers, body: unknown, provider = providerOf(headers)) {
  if (provider === undefined) throw new Error('nobody');
  return readPush(provider, headers, body);
}

function value(headers: Headers, body: unknown, provider?: Provider) {
  const event = read(headers, body, provider);
  return event.ok ? event.value : event.problems;
}

const told = { urls, changes: [change], defaultBranch: 'main' };

test('GitHub tells repository, ref and files', () => {
  expect(value(github, { ...push, repository })).toEqual({
    provider: 'github',
    ...told,
    changedFiles: files,
  });
});

test.each([
  ['a force-push', { forced: true }],
  ['a new branch', { before: none }],
  ['no commits', { commits: [] }],
  ['a commit without its files', { commits: [commit, { id: now }] }],
  ['as many commits as an event holds', { commits: Array.from({ length: 2048 }, () => commit) }],
])('GitHub does not tell all files of %s', (_name, body) => {
  const event = value(github, { ...push, ...body, repository });
  expect(event).toMatchObject({ urls });
  expect(event).not.toHaveProperty('changedFiles');
});

test('a tag that is deleted has no commit after', () => {
  expect(value(github, { ref: 'refs/tags/v1', before: old, after: none, repository })).toMatchObject({
    changes: [{ ref: 'refs/tags/v1', before: old }],
  });
});

test('GitLab tells it of pushes and tags, also as system hook, and of which commits it leaves out', () => {
  const body = { ...push, object_kind: 'push', project, total_commits_count: 1 };
  expect(value(gitlab, body)).toEqual({ provider: 'gitlab', ...told, changedFiles: files });
  expect(value(gitlab, { ...body, total_commits_count: 21 })).not.toHaveProperty('changedFiles');
  const tag = { object_kind: 'tag_push', ref: 'refs/tags/v1', before: none, after: now, project };
  expect(value(gitlab, tag)).toMatchObject({ changes: [{ ref: 'refs/tags/v1', after: now }] });
  const { object_kind: _kind, ...system } = { ...body, event_name: 'push' };
  expect(value({ 'x-gitlab-event': 'System Hook' }, system)).toMatchObject({ urls });
  expect(value(gitlab, { object_kind: 'merge_request' })).toBe('ignored');
});

test('Gitea, Forgejo and Gogs are told apart from GitHub, whose headers they send as well', () => {
  const body = { ...push, repository, total_commits: 1 };
  expect(value(gitea, body)).toEqual({ provider: 'gitea', ...told, changedFiles: files });
  expect(value(gitea, { ...body, total_commits: 40 })).not.toHaveProperty('changedFiles');
  expect(value({ 'x-forgejo-event': 'push' }, body)).toMatchObject({ provider: 'gitea' });
  const many = { ...push, repository, commits: Array.from({ length: 5 }, () => commit) };
  expect(value({ 'x-gogs-event': 'push' }, many)).not.toHaveProperty('changedFiles');
  const created = { ref: 'v1', ref_type: 'tag', repository };
  expect(value({ 'x-gogs-event': 'create' }, created)).toMatchObject({ changes: [{ ref: 'refs/tags/v1' }] });
});

test('Bitbucket Cloud tells several refs, and the repository by its full name', () => {
  const side = (name: string, hash: string, type = 'branch') => ({ name, type, target: { hash } });
  const links = { html: { href: 'https://bitbucket.org/acme/shop' } };
  const changes = [
    { old: side('main', old), new: side('main', now) },
    { old: null, new: side('v1', now, 'annotated_tag') },
    { old: side('gone', old), new: null },
  ];
  expect(value(cloud, { repository: { full_name: 'acme/shop', links }, push: { changes } })).toEqual({
    provider: 'bitbucket',
    urls: ['https://bitbucket.org/acme/shop'],
    changes: [change, { ref: 'refs/tags/v1', after: now }, { ref: 'refs/heads/gone', before: old }],
  });
});

test('Bitbucket Server tells all addresses and all refs', () => {
  const clone = [
    { name: 'ssh', href: 'ssh://git@bb.example:7999/acme/shop.git' },
    { name: 'http', href: 'https://bb.example/scm/acme/shop.git' },
  ];
  const body = {
    repository: { links: { clone } },
    changes: [
      { ref: { id: 'refs/heads/main' }, fromHash: old, toHash: now },
      { ref: { id: 'refs/tags/v1' } },
    ],
  };
  expect(value(server, body)).toEqual({
    provider: 'bitbucket-server',
    urls: clone.map(({ href }) => href),
    changes: [change, { ref: 'refs/tags/v1' }],
  });
});

test('Azure DevOps tells its refs and the default branch', () => {
  const remoteUrl = 'https://dev.azure.com/acme/shop/_git/web';
  const refUpdates = [{ name: 'refs/heads/main', oldObjectId: old, newObjectId: now }];
  const resource = { refUpdates, repository: { remoteUrl, defaultBranch: 'refs/heads/main' } };
  expect(value(azure, { eventType: 'git.push', resource })).toEqual({
    provider: 'azure-devops',
    urls: [remoteUrl],
    changes: [change],
    defaultBranch: 'main',
  });
  expect(value(azure, { eventType: 'build.complete' })).toBe('ignored');
});

test('a chart that is published at ghcr.io is a tag of the registry, by both spellings', () => {
  const container_metadata = { tag: { name: '1.2.3' } };
  const held = { name: 'charts/web', package_type: 'CONTAINER', owner: { login: 'Acme' } };
  const body = { action: 'published', package: { ...held, package_version: { container_metadata } } };
  const headers = { 'x-github-event': 'package' };
  expect(value(headers, body)).toEqual({
    provider: 'github',
    urls: ['oci://ghcr.io/acme/charts', 'oci://ghcr.io/acme/charts/web'],
    changes: [{ ref: 'refs/tags/1.2.3' }],
  });
  expect(value(headers, { ...body, action: 'deleted' })).toBe('ignored');
  expect(value(headers, { action: 'published', package: { ...held, package_type: 'npm' } })).toBe('ignored');
  expect(value(headers, { action: 'published', package: held })).toBe('ignored');
  expect(read(headers, { action: 'published' }).ok).toBe(false);
});

test('an artifact that is pushed to Harbor is one, too', () => {
  const event_data = {
    repository: { repo_full_name: 'acme/web' },
    resources: [{ tag: '1.2.3', resource_url: 'harbor.example:8443/acme/web:1.2.3' }],
  };
  expect(value({}, { type: 'PUSH_ARTIFACT', event_data }, 'harbor')).toEqual({
    provider: 'harbor',
    urls: ['oci://harbor.example:8443/acme', 'oci://harbor.example:8443/acme/web'],
    changes: [{ ref: 'refs/tags/1.2.3' }],
  });
  expect(value({}, { type: 'PULL_ARTIFACT' }, 'harbor')).toBe('ignored');
  const strange = { ...event_data, resources: [{ tag: '1', resource_url: 'a b/c' }] };
  expect(read({}, { type: 'PUSH_ARTIFACT', event_data: strange }, 'harbor').ok).toBe(false);
});

test.each([
  ['ping', { 'x-github-event': 'ping' }, { zen: 'x' }, 'ping'],
  ['ping', { 'x-event-key': 'diagnostics:ping' }, { test: true }, 'ping'],
  ['an event of no interest', { 'x-github-event': 'issues' }, {}, 'ignored'],
  ['a note', github, { ...push, ref: 'refs/notes/x', repository }, 'ignored'],
])('%s is %s', (_name, headers, body, expected) => {
  expect(value(headers, body)).toBe(expected);
});

test('a request of nobody known is nobody', () => {
  expect(providerOf({ 'user-agent': 'curl/8' })).toBeUndefined();
  expect(providerOf({ 'user-agent': 'VSServices/19' })).toBe('azure-devops');
});

test('a body that is nested without end is refused, wherever', () => {
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
  for (const headers of [github, gitlab, gitea, cloud, server, azure])
    for (const body of [deep, { repository: deep }, { ref: deep, repository: deep, project: deep }])
      expect(read(headers, body)).toMatchObject({ ok: false });
});

test('every field of every event may be anything, and nothing throws', () => {
  const bodies: [Headers, object][] = [
    [github, { ...push, repository }],
    [gitlab, { ...push, object_kind: 'push', project }],
    [gitea, { ...push, repository }],
    [cloud, { repository: { full_name: 'a/b' }, push: { changes: [{ new: { name: 'x', target: {} } }] } }],
    [
      server,
      { repository: { links: { clone: [{ href: page }] } }, changes: [{ ref: { id: 'refs/heads/x' } }] },
    ],
    [
      azure,
      { eventType: 'git.push', resource: { refUpdates: [{ name: 'r' }], repository: { remoteUrl: page } } },
    ],
  ];
  const strange = [null, 0, true, 'boom', [], [null], {}, { __proto__: null, length: 3 }, 'x'.repeat(5_000)];
  let tried = 0;
  for (const [headers, body] of bodies)
    for (const place of placesOf(body))
      for (const each of strange) {
        tried += 1;
        expect(() => read(headers, replaced(body, place, each))).not.toThrow();
      }
  expect(tried).toBeGreaterThan(500);
});

test('problems name fields and repeat nothing of the body', () => {
  const event = read(github, { ref: 5, repository: { html_url: 'token-s3ntinel' } });
  expect(JSON.stringify(event)).not.toContain('s3ntinel');
  expect(event).toMatchObject({ problems: [{ field: 'repository.html_url' }, { field: 'ref' }] });
});

test.each([
  ['k8s', 'k8s/a.yaml', true],
  ['k8s', 'k8s-other/a.yaml', false],
  ['/k8s/', 'k8s/deep/a.yaml', true],
  ['k8s/a.yaml', 'k8s/a.yaml', true],
  ['k8s/*.yaml', 'k8s/a.yaml', true],
  ['k8s/*.yaml', 'k8s/deep/a.yaml', false],
  ['k8s/[a-c].yaml', 'k8s/b.yaml', true],
  ['k8s/[^a-c].yaml', 'k8s/b.yaml', false],
  ['k8s/?.yaml', 'k8s/b.yaml', true],
  ['k8s/?.yaml', 'k8s/bb.yaml', false],
  ['k8s/[z-a].yaml', 'other', true],
  ['.', 'anything', true],
])('whether the path %s is touched by %s: %s', (path, file, expected) => {
  expect(touches([file], [path])).toBe(expected);
});

test('without files or without paths everything may be touched', () => {
  expect([touches(undefined, ['a']), touches([], ['a']), touches(['b'], undefined)]).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  [{ refs: [] }, 'main', true],
  [{ refs: ['refs/heads/x'] }, 'HEAD', true],
  [{ refs: ['refs/heads/x'], defaultBranch: 'main' }, 'HEAD', false],
  [{ refs: ['refs/heads/x', 'refs/heads/main'], defaultBranch: 'main' }, 'HEAD', true],
  [{ refs: ['refs/heads/1.2.3'] }, '1.x', false],
  [{ refs: ['refs/tags/1.2.3'] }, '1.x', true],
  [{ refs: ['refs/heads/main'] }, 'a'.repeat(40), false],
])('whether %j concerns %s: %s', (heard, targetRevision, expected) => {
  expect(concerns(heard, targetRevision)).toBe(expected);
});

type Place = readonly string[];

function placesOf(value_: unknown, at: Place = []): readonly Place[] {
  if (typeof value_ !== 'object' || value_ === null) return [at];
  return [at, ...Object.entries(value_).flatMap(([key, each]) => placesOf(each, [...at, key]))];
}

function replaced(value_: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value_)
    ? { ...(value_ as object) }
    : { ...(value_ as object) };
  copy[key] = replaced(copy[key], rest, by);
  return Array.isArray(value_) ? Object.values(copy) : copy;
}
