import { tmpdir } from 'node:os';
import type { BelayClient } from '../../../src/client/belay-client';
import { cleanUp } from '../../../src/cli/drill/clean-up';
import type { DrillRequest } from '../../../src/cli/drill/plan-drill';
import { runDrill, type DrillTalk } from '../../../src/cli/drill/run-drill';
import type { ApplicationStatus } from '../../../src/domain/application-status';
import { plainGitEnv } from '../../../tools/local/git-commits';
import { applicationSpec, applicationStatus, now, settledState } from '../../client/fixtures/statuses';
import { fakeKubectl } from '../../support/fake-kubectl';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';

/** A real repository, and an application that does nothing about what is pushed to it. */
const cli = { env: plainGitEnv(tmpdir()), now: () => now };
const request: DrillRequest = {
  name: 'web',
  fault: 'image',
  id: '7f',
  env: {},
  values: {},
  timeoutMs: 60_000,
};
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: 'web:1'}]
`;
let repo: BareRepo;
let good: string;
let status: ApplicationStatus;
let said: string[];

beforeEach(async () => {
  said = [];
  repo = await createBareRepo();
  good = await commitFiles(repo, { 'k8s/web/web.yaml': deployment });
  const tree = await repo.git('rev-parse', 'main:k8s/web');
  const { source, ...spec } = applicationSpec();
  status = applicationStatus({
    spec: { ...spec, source: { ...source, repoUrl: repo.url } },
    state: settledState({ head: good, synced: good, good: { revision: good, tree, at: 0 } }),
  });
});
afterEach(() => repo.remove());

const client = {
  applicationStatus: async () => status,
  waitFor: async () => status,
} as unknown as BelayClient;

function talk(more: Partial<DrillTalk> = {}): DrillTalk {
  return {
    say: (line) => void said.push(line),
    mayPush: async () => true,
    stopped: new AbortController().signal,
    ...more,
  };
}

const image = () => repo.git('show', 'main:k8s/web/web.yaml');
const commits = () => repo.git('rev-list', '--count', `${good}..main`);

test('a person who says no has broken nothing', async () => {
  const asked: (readonly [readonly string[], boolean])[] = [];
  const mayPush: DrillTalk['mayPush'] = async (...question) => {
    asked.push(question);
    return false;
  };
  expect(await runDrill(cli, client, request, talk({ mayPush }))).toBeUndefined();
  expect(asked).toEqual([
    [
      [
        'breaks Deployment/web in k8s/web/web.yaml (image)',
        `by a commit on main of ${repo.url}, which web delivers to namespace shop`,
        'and expects Belay to take it back, in the cluster and by one commit in Git',
      ],
      true,
    ],
  ]);
  expect(await commits()).toBe('0');
});

test('a branch that is named and is not the default one is nobody’s production', async () => {
  await repo.git('branch', 'scratch', 'main');
  status = { ...status, state: { ...status.state, branch: 'refs/heads/scratch' } };
  const mayPush = jest.fn(async () => false);
  await runDrill(cli, client, { ...request, branch: 'scratch' }, talk({ mayPush }));
  expect(mayPush).toHaveBeenCalledWith(expect.anything(), false);
});

test('a drill that is stopped takes out what it has pushed, and is not passed', async () => {
  const stop = new AbortController();
  const say = (line: string) => {
    said.push(line);
    if (line.startsWith('Git: pushed')) stop.abort();
  };
  const card = await runDrill(cli, client, request, talk({ say, stopped: stop.signal }));
  expect(card).toMatchObject({ end: 'interrupted', passed: false });
  expect(await image()).toContain('web:1');
  expect(await commits()).toBe('2');
  expect(said.at(-1)).toMatch(/^Git: what was left of the drill is taken out by/);
});

test('a drill that nobody answers within the time takes out what it has pushed', async () => {
  const card = await runDrill(cli, client, { ...request, timeoutMs: 0 }, talk());
  expect(card).toMatchObject({ end: 'timedOut', passed: false });
  expect(await image()).toContain('web:1');
});

test('what Git holds and the application has not delivered is not drilled', async () => {
  await commitFiles(repo, { 'k8s/web/more.yaml': 'a: b\n' });
  await expect(runDrill(cli, client, request, talk())).rejects.toThrow('web has not delivered yet');
  expect(await commits()).toBe('1');
});

test('a later drill takes out first what an earlier one has left', async () => {
  const broken = deployment.replace('web:1', 'web:broken');
  const message = 'Drill\n\nBelay-Drill: 6e\n';
  await commitFiles(repo, { 'k8s/web/web.yaml': broken }, { message });
  await runDrill(cli, client, request, talk({ mayPush: async () => false }));
  expect(said).toEqual([expect.stringMatching(/^Git: what an earlier drill has left is taken out by/)]);
  expect(await image()).toContain('web:1');
});

test('to clean up is to take out what is left, and to say what was done', async () => {
  const broken = deployment.replace('web:1', 'web:broken');
  await commitFiles(repo, { 'k8s/web/web.yaml': broken }, { message: 'Drill\n\nBelay-Drill: 6e\n' });
  const out = await cleanUp(cli, client, { name: 'web', timeoutMs: 1_000 });
  expect(out).toEqual([await repo.git('rev-parse', 'main')]);
  expect(await image()).toContain('web:1');
  expect(await cleanUp(cli, client, { name: 'web', timeoutMs: 1_000 })).toEqual([]);
});

describe('an experiment', () => {
  const text = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: PodChaos\nmetadata: {name: a}\n';
  const asked: DrillRequest = { ...request, fault: 'experiment', experiment: { file: 'a.yaml', text } };

  test('is told to the person, and deleted where the drill is stopped', async () => {
    const kubectl = await fakeKubectl();
    await kubectl.says('config', 'scratch-cluster\n');
    const stop = new AbortController();
    const mayPush = jest.fn(async () => true);
    const say = (line: string) => {
      said.push(line);
      if (line.startsWith('Git: pushed')) stop.abort();
    };
    const env = { ...cli.env, PATH: kubectl.path };
    const card = await runDrill({ ...cli, env }, client, asked, talk({ say, mayPush, stopped: stop.signal }));
    expect(card).toMatchObject({ fault: 'experiment', end: 'interrupted', passed: false });
    expect(mayPush).toHaveBeenCalledWith(
      expect.arrayContaining([
        'makes a new version of Deployment/web in k8s/web/web.yaml',
        'starts PodChaos shop/a by kubectl in the context scratch-cluster, as soon as its pods run',
      ]),
      true,
    );
    expect((await kubectl.calls()).at(-1)).toContain('-l belay.dev/drill=7f --ignore-not-found --wait=false');
    expect(await image()).not.toContain('belay.dev/drill');
    await kubectl.remove();
  });

  test('that cannot be deleted is an error, and Git is cleaned up all the same', async () => {
    const kubectl = await fakeKubectl();
    const env = { ...cli.env, PATH: kubectl.path };
    const mayPush = async () => {
      await kubectl.says('delete.fails', 'connection refused');
      return true;
    };
    const drill = runDrill({ ...cli, env }, client, { ...asked, timeoutMs: 0 }, talk({ mayPush }));
    await expect(drill).rejects.toThrow('the experiment may still be in the cluster: PodChaos shop/a');
    expect(await image()).not.toContain('belay.dev/drill');
    await kubectl.remove();
  });
});
