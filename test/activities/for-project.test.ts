import { createActivitiesForProjects } from '../../src/activities/for-project';
import type { ClusterActivities } from '../../src/activities';
import type { PlanAnswer } from '../../src/activities/plan-revision';
import { createSchedules } from '../../src/adapters/windows/schedules';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import { describeProblem, type Problem } from '../../src/domain/problem';
import { openProject, type Project, type SyncWindow } from '../../src/domain/project/project';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { connectAs, limitedToken } from '../support/cluster-access';
import { gitPath } from '../support/cluster-git';
import { portsOf, run, startLab, type Lab } from '../support/cluster-lab';
import { addDeployer } from '../support/deployer';
import { until } from '../support/until';

let lab: Lab;
let own: string;
let other: string;
let revision: string;
const repoUrl = 'https://git.example/team/shop.git';
const configMap = (name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}\n`;

beforeAll(async () => {
  lab = await startLab();
  [own, other] = [await lab.namespace(), await lab.namespace()];
  revision = lab.git.commit({ 'one.yaml': configMap('one') });
  const user = await addDeployer(lab.kube, own);
  const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe', namespace: own } };
  // The bootstrap of RBAC fills the role `admin` a moment after the server answers.
  await until('the account may write', () =>
    lab.kube
      .as(user)
      .create(probe, { manager: 'test', dryRun: true })
      .catch(() => undefined),
  );
});
afterAll(async () => {
  lab.kube.close();
  await lab.stop();
});

/** The activities of a worker whose policy has one project, `team`. */
function worker(part: Partial<Project>, kube = lab.kube): ClusterActivities {
  const project = { ...openProject('team'), ...part };
  return createActivitiesForProjects({
    ...portsOf({ ...lab, kube }),
    schedules: createSchedules(),
    policy: {
      project: (name) =>
        name === 'team'
          ? { ok: true, value: project }
          : { ok: false, problems: [{ code: 'Forbidden', message: `there is no project ${name}` }] },
    },
  });
}

const spec = (more: Partial<ApplicationSpec> = {}): ApplicationSpec => ({
  name: 'shop',
  project: 'team',
  source: { repoUrl, path: gitPath, targetRevision: 'main', recurse: false },
  destination: { server: 'https://kubernetes.default.svc', namespace: own },
  createNamespace: false,
  revisionHistoryLimit: 10,
  writeBack: 'revert',
  ...more,
});
const in_ = (namespace: string): Partial<ApplicationSpec> => ({
  name: `shop-${namespace}`,
  destination: { server: 'https://kubernetes.default.svc', namespace },
});
const input = (more: Partial<ApplicationSpec> = {}, at = revision) =>
  ({ spec: spec(more), revision: at, stage: 'before', treatments: {}, fix: true, prune: true }) as const;
const told = (answer: PlanAnswer | { readonly problems: readonly Problem[] }): readonly string[] =>
  'problems' in answer ? answer.problems.map(describeProblem) : [];
const exists = async (name: string, namespace = own): Promise<boolean> =>
  (await lab.kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name })) !== undefined;

describe('what an application asks for', () => {
  it('is delivered where its project allows it', async () => {
    const activities = worker({ sourceRepos: ['https://git.example/team/*'] });
    expect(await run(activities.planRevision, { spec: spec(), revision })).toMatchObject({ kind: 'planned' });
    expect(await run(activities.applyRevision, input())).toMatchObject({ problems: [] });
    expect(await exists('one')).toBe(true);
  });

  it.each([
    ['its repository', { sourceRepos: ['https://git.example/other/*'] }, /project team \(spec.sourceRepos/],
    [
      'its namespace',
      { destinations: [{ server: '*', name: '', namespace: 'x' }] },
      /project team \(spec.dest/,
    ],
    [
      'its account',
      { accounts: [{ server: '*', namespace: 'x', account: 'a' }] },
      /no entry in .*ServiceAccounts/,
    ],
  ])('is refused before the first write where %s is not allowed', async (_name, part, expected) => {
    const activities = worker(part);
    expect(told(await run(activities.planRevision, { spec: spec(), revision }))).toEqual([
      expect.stringMatching(expected),
    ]);
    const at = lab.git.commit({ 'two.yaml': configMap('two') });
    expect(told(await run(activities.applyRevision, input({}, at)))).toEqual([
      expect.stringMatching(expected),
    ]);
    await expect(run(activities.deleteObjects, { spec: spec() })).rejects.toThrow(expected);
    await expect(run(activities.watchSources, { spec: spec(), cluster: lab.kube.id })).rejects.toThrow(
      expected,
    );
    expect(await exists('two')).toBe(false);
  });

  it('is refused in a project that the policy does not have', async () => {
    const asked = { spec: spec({ project: 'nobody' }), revision };
    expect(told(await run(worker({}).planRevision, asked))).toEqual(['there is no project nobody']);
  });

  it('needs no policy in the project default, and one in any other', async () => {
    const activities = createActivitiesForProjects(portsOf(lab));
    const open = await run(activities.planRevision, { spec: spec({ project: 'default' }), revision });
    expect(open).toMatchObject({ kind: 'planned' });
    expect(told(await run(activities.planRevision, { spec: spec(), revision }))).toEqual([
      expect.stringMatching(/spec.project: there is no project team: .*--policy/),
    ]);
  });
});

describe('objects', () => {
  it('of a kind that is not allowed are found before the first write, with their place in Git', async () => {
    const activities = worker({ namespacedDenied: [{ group: '', kind: 'Secret' }] });
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: key}\n';
    const at = lab.git.commit({ 'a.yaml': configMap('three'), 'b.yaml': secret });
    expect(told(await run(activities.applyRevision, input({}, at)))).toEqual([
      expect.stringMatching(
        /b\.yaml:\d.*Secret .*key.* not allowed in the project team \(spec.namespaceResourceBlacklist/,
      ),
    ]);
    expect(await exists('three')).toBe(false);
  });

  it('that belong to the whole cluster are not allowed unless the project says so', async () => {
    const activities = worker({ clusterAllowed: [] });
    const at = lab.git.commit({ 'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: mine}\n' });
    expect(told(await run(activities.applyRevision, input({}, at)))).toEqual([
      expect.stringMatching(/Namespace .*spec.clusterResourceWhitelist: nothing is allowed/),
    ]);
  });

  it('in another namespace need that destination', async () => {
    const activities = worker({ destinations: [{ server: '*', name: '', namespace: own }] });
    const at = lab.git.commit({ 'a.yaml': configMap('elsewhere', other) });
    expect(told(await run(activities.applyRevision, input({}, at)))).toEqual([
      expect.stringMatching(new RegExp(`namespace ${other} is not allowed in the project team`)),
    ]);
  });

  it('are remembered in a ConfigMap of the application even where ConfigMaps are not allowed', async () => {
    const activities = worker({ namespacedAllowed: [{ group: '', kind: 'Secret' }] });
    const at = lab.git.commit({ 'b.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: remembered}\n' });
    const more = { name: 'remembering' };
    expect(told(await run(activities.applyRevision, input(more, at)))).toEqual([]);
    expect(await exists('belay-remembering')).toBe(true);
  });
});

describe('the account of the project', () => {
  const as = () => ({ accounts: [{ server: '*', namespace: '*', account: `${own}:deployer` }] });

  it('delivers where it may, and is refused elsewhere in the words of the API server', async () => {
    const activities = worker(as());
    const at = lab.git.commit({ 'a.yaml': configMap('by-account') });
    expect(told(await run(activities.applyRevision, input({}, at)))).toEqual([]);
    expect(await exists('by-account')).toBe(true);
    const refused = await run(activities.applyRevision, input(in_(other), at)).then(told, (error: Error) => [
      error.message,
    ]);
    expect(refused).toEqual([
      expect.stringMatching(
        `User "system:serviceaccount:${own}:deployer" cannot .*configmaps.* in the namespace "${other}"`,
      ),
    ]);
    expect(await exists('by-account', other)).toBe(false);
  });

  it('does the steps of a rollout, and its evictions', async () => {
    const activities = worker(as());
    const source = { repoUrl, path: gitPath, revision };
    const workload = { kind: 'Deployment', name: 'web', strategy: { kind: 'rolling' } } as const;
    const named = { application: 'shop', project: 'team', namespace: other, target: source };
    const rollout = { ...named, ...workload } as RolloutSpec;
    const forbidden = /cannot (list|get) resource .* in the namespace|User .*deployer/;
    const step = { spec: rollout, fence: 1, replicas: 1, deadlineAt: Date.now() + 1_000 };
    await expect(run(activities.returnTraffic, step)).rejects.toThrow(forbidden);
    const restart = { project: 'team', namespace: other, name: 'web', restartAt: '2026-01-01T00:00:00Z' };
    await expect(run(activities.restartPods, { ...restart, kind: 'Deployment' })).rejects.toThrow(forbidden);
  });

  it('cannot be used by a worker without the right to, which is told what it needs', async () => {
    const kube = await connectAs(lab, { token: await limitedToken(lab, 'no-impersonation') });
    const refused = await run(worker(as(), kube).applyRevision, input()).then(told, (error: Error) => [
      error.message,
    ]);
    expect(refused).toEqual([
      expect.stringMatching(/cannot impersonate.*the verb impersonate on serviceaccounts/),
    ]);
  });
});

describe('a rollout', () => {
  it('does not begin with a repository that its project does not allow, and waits for the policy', async () => {
    const source = { repoUrl: 'https://elsewhere.example/x.git', path: gitPath, revision };
    const rollout = { application: 'shop', project: 'team', namespace: own, target: source } as RolloutSpec;
    const step = { spec: rollout, fence: 1, replicas: 1, deadlineAt: 0 };
    const refused = run(worker({ sourceRepos: [repoUrl] }).startCanary, step);
    await expect(refused).rejects.toMatchObject({ type: 'Forbidden', nonRetryable: false });
  });
});

describe('sync windows', () => {
  const window: SyncWindow = {
    kind: 'deny',
    schedule: '* * * * *',
    durationMs: 3_600_000,
    timeZone: 'UTC',
    applications: ['*'],
    namespaces: [],
    clusters: [],
    all: false,
    manualSync: true,
    syncOverrun: false,
  };

  it('are answered with the plan', async () => {
    const asked = { spec: spec(), revision };
    expect(await run(worker({ windows: [window] }).planRevision, asked)).toMatchObject({
      kind: 'planned',
      window: { open: false, manual: true, overrun: false, why: 'inside a deny window (* * * * *, UTC)' },
    });
    expect(await run(worker({}).planRevision, asked)).not.toHaveProperty('window');
  });
});
