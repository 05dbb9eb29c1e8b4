import { describeProblem } from '../../../src/domain/problem';
import { accountFor } from '../../../src/domain/project/account';
import { openProject, type Project, type Target } from '../../../src/domain/project/project';
import { askedBy, forbids, violations } from '../../../src/domain/project/violations';
import { objectsIn } from '../read-yaml';

const own: Target = {
  servers: ['https://10.0.0.1:6443', 'https://kubernetes.default.svc'],
  names: ['prod', 'in-cluster'],
};
const project = (part: Partial<Project>): Project => ({ ...openProject('team'), ...part });
const to = (server: string, name: string, namespace: string) => ({ server, name, namespace });
const asked = (repoUrl: string, namespace = 'shop') => ({ repoUrls: [repoUrl], namespace });

describe('repositories', () => {
  const team = 'https://git.example/team/*';
  test.each([
    ['any', ['*'], 'https://elsewhere.example/a/b.git', undefined],
    ['one written alike', ['https://git.example/team/shop.git'], 'https://git.example/team/shop', undefined],
    ['case and a slash at the end', [team], 'https://GIT.example/Team/Shop.git/', undefined],
    [
      'the two ways to write SSH',
      ['ssh://git@git.example/team/*'],
      'git@git.example:team/shop.git',
      undefined,
    ],
    ['one below', [team], 'https://git.example/team/group/shop', /only https:.* is allowed/],
    ['two stars', ['https://git.example/**'], 'https://git.example/team/group/shop', undefined],
    ['another host', [team], 'https://git.example.evil/team/shop', /only/],
    ['a host behind credentials', [team], 'https://git.example/team/@evil.example/x', /only/],
    ['a way out of the path', [team], 'https://git.example/team/..', /`\.\.`/],
    ['the same, encoded', ['https://git.example/**'], 'https://git.example/team/%2e%2E/other', /`\.\.`/],
    ['a denial', ['*', '!https://git.example/secret/*'], 'https://git.example/secret/a', /denied by "!https/],
    ['a denial of others', ['*', '!https://git.example/secret/*'], team.replace('*', 'shop'), undefined],
    ['only a denial', ['!https://git.example/secret/*'], 'https://git.example/team/a', undefined],
    ['nothing', [], 'https://git.example/team/shop', /nothing is allowed/],
  ] as const)('%s', (_name, sourceRepos, url, told) => {
    const problems = violations(project({ sourceRepos }), asked(url), own);
    if (told === undefined) expect(problems).toEqual([]);
    else expect(problems.map(describeProblem)).toEqual([expect.stringMatching(told)]);
  });

  test('every source is looked at, and credentials are not repeated', () => {
    const source = (repoUrl: string) => ({ repoUrl, path: '.', targetRevision: 'HEAD', recurse: false });
    const spec = askedBy({
      name: 'shop',
      project: 'team',
      source: source('https://git.example/team/shop'),
      otherSources: [source('https://me:pass@charts.example/stable')],
      destination: { namespace: 'shop' },
      createNamespace: false,
      revisionHistoryLimit: 10,
      writeBack: 'revert',
    });
    const [problem, ...more] = violations(project({ sourceRepos: [team] }), spec, own);
    expect(more).toEqual([]);
    expect(problem && describeProblem(problem)).toBe(
      'spec.source.repoURL: https://charts.example/stable is not allowed in the project team (spec.sourceRepos: only https://git.example/team/* is allowed); change the application, or the project in the policy of the worker',
    );
  });
});

/** Results as AppProject.isDestinationMatched of Argo CD has them. */
describe('destinations', () => {
  const kube = 'https://kubernetes.default.svc';
  test.each([
    ['by server', [to(kube, '', 'shop')], undefined],
    ['by the other URL of the same server', [to('https://10.0.0.1:6443', '', 'shop')], undefined],
    ['by name', [to('', 'prod', 'shop')], undefined],
    ['by a wrong name and a right server', [to(kube, 'test', 'shop')], undefined],
    ['globs', [to('https://10.*', '', 'sh*')], undefined],
    ['another namespace', [to(kube, '', 'other')], /no entry fits/],
    ['another server', [to('https://10.0.0.2:6443', '', '*')], /no entry fits/],
    ['none', [], /no entry fits/],
    ['a denied namespace', [to('*', '', '*'), to('*', '', '!shop')], /namespace is denied by "!shop"/],
    ['a denied namespace of another server', [to('*', '', '*'), to('https://x', '', '!shop')], /denied/],
    ['a denied server', [to('*', '', '*'), to(`!${kube}`, '', '*')], /server is denied/],
    ['a denied name', [to('*', '', '*'), to('', '!prod', '*')], /cluster is denied by "!prod"/],
    ['denials of others', [to('!https://x', '', '!kube-system')], undefined],
  ] as const)('%s', (_name, destinations, told) => {
    const problems = violations(project({ destinations }), asked('https://git.example/a'), own);
    if (told === undefined) expect(problems).toEqual([]);
    else expect(problems.map(describeProblem)).toEqual([expect.stringMatching(told)]);
  });

  test('a cluster of another project', () => {
    const problems = violations(project({}), asked('https://git.example/a'), { ...own, project: 'payments' });
    expect(problems.map(describeProblem)).toEqual([expect.stringMatching('belongs to the project payments')]);
    expect(violations(project({}), asked('https://git.example/a'), { ...own, project: 'team' })).toEqual([]);
  });
});

describe('kinds', () => {
  const objects = objectsIn(
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: elsewhere }
`,
  );
  const place = { target: own, namespace: 'shop' };
  const told = (part: Partial<Project>) =>
    objects.flatMap(({ object }) => forbids(project(part), object, object.kind !== 'Namespace', place) ?? []);
  const apps = { group: 'apps', kind: '*' };

  test('are all allowed in a project that says so', () => {
    expect(told({})).toEqual([]);
  });

  test('namespaced ones are allowed unless a list says otherwise, cluster-scoped ones are not', () => {
    expect(told({ clusterAllowed: [] })).toEqual([
      'Namespace is not allowed in the project team (spec.clusterResourceWhitelist: nothing is allowed)',
    ]);
    expect(told({ namespacedAllowed: [apps] })).toEqual([
      expect.stringMatching(/^ConfigMap .*namespaceResourceWhitelist: only apps\/\* is allowed/),
    ]);
    expect(told({ namespacedAllowed: [] })).toHaveLength(2);
  });

  test('a denial wins', () => {
    expect(told({ namespacedAllowed: [apps], namespacedDenied: [{ group: '*', kind: 'Deploy*' }] })).toEqual([
      expect.stringMatching(/^Deployment .*namespaceResourceBlacklist: denied by \*\/Deploy\*/),
      expect.stringMatching(/ConfigMap/),
    ]);
  });

  test('may be allowed by name', () => {
    expect(told({ clusterAllowed: [{ group: '', kind: 'Namespace', name: 'shop*' }] })).toEqual([]);
    expect(told({ clusterAllowed: [{ group: '', kind: 'Namespace', name: 'team-*' }] })).toHaveLength(1);
  });

  test('an object in another namespace needs that destination', () => {
    expect(told({ destinations: [to('*', '', 'shop')] })).toEqual([
      expect.stringMatching(/^namespace elsewhere is not allowed .*spec\.destinations: no entry fits/),
    ]);
  });
});

test('a cluster that is only for some namespaces', () => {
  const limited = { ...own, namespaces: ['shop'] };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const clusterScoped = (target: Target) =>
    forbids(project({}), object, false, { target, namespace: 'shop' });
  expect(violations(project({}), asked('https://git.example/a'), limited)).toEqual([]);
  expect(
    violations(project({}), asked('https://git.example/a', 'other'), limited).map(describeProblem),
  ).toEqual([expect.stringMatching('the cluster is only for the namespaces shop')]);
  expect(clusterScoped(limited)).toMatch('clusterResources');
  expect(clusterScoped({ ...limited, clusterResources: true })).toBeUndefined();
});

/** Results as deriveServiceAccountToImpersonate of Argo CD has them. */
describe('the account that the worker acts as', () => {
  const rule = (server: string, namespace: string, account: string) => ({ server, namespace, account });
  test.each([
    ['itself, without entries', [], undefined],
    ['one of the namespace', [rule('*', 'shop', 'deployer')], 'system:serviceaccount:shop:deployer'],
    ['one of another namespace', [rule('*', '*', 'ops:deployer')], 'system:serviceaccount:ops:deployer'],
    [
      'the first that fits',
      [rule('*', 'x', 'a'), rule('*', 'sh*', 'b'), rule('*', '*', 'c')],
      'system:serviceaccount:shop:b',
    ],
    ['by server', [rule('https://kubernetes.default.svc', '*', 'a')], 'system:serviceaccount:shop:a'],
  ] as const)('%s', (_name, accounts, user) => {
    expect(accountFor(project({ accounts }), own, 'shop')).toEqual({ ok: true, ...(user && { user }) });
  });

  test('none, where there are entries and none fits', () => {
    expect(accountFor(project({ accounts: [rule('*', 'other', 'a')] }), own, 'shop')).toEqual({
      ok: false,
      why: 'project team has no entry in spec.destinationServiceAccounts for https://10.0.0.1:6443, namespace shop',
    });
  });
});
