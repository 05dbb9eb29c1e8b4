import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerProcess } from '../../tools/local/worker';
import type { ApplicationSpec, WriteBackPolicy } from '../../src/domain/application-spec';
import { deliveredFrom, isSettledAt } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { follow, type Followed } from '../support/followed';
import { describeOnGitea, giteaWithinMs, start, type Gitea } from '../support/gitea';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { rolloutYaml } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { serviceYaml } from '../support/sync-yaml';
import { until } from '../support/until';

/** A real forge, a real cluster, a real worker that writes with a token that may not push to protected branches. */
let env: Environment;
let gitea: Gitea;
let worker: WorkerProcess;
let startWorker: () => Promise<WorkerProcess>;

const stories = concurrentStories({
  'a branch that takes pushes gets the revert as a commit with trailers': pushed,
  'a protected branch gets a pull request; merged, everything is healthy without a rollout': merged,
  'a pull request that a fix makes pointless is closed': pointless,
  'a pull request that a person closes keeps Git as it is': closed,
  'a second failure of the same version finds the same pull request, though the worker is killed': again,
});

describeOnGitea('on a real forge', () => {
  beforeAll(async () => {
    env = await startEnvironment();
    gitea = await start();
    const file = join(env.dir, 'credentials.json');
    const repo = `${gitea.url}/${gitea.user}`;
    const access = { repo, username: gitea.bot.user, tokenVariable: 'WRITER_TOKEN' };
    writeFileSync(
      file,
      JSON.stringify({
        read: [access],
        write: [access],
        forges: [{ repo, kind: 'gitea', apiUrl: `${gitea.url}/api/v1`, tokenVariable: 'WRITER_TOKEN' }],
      }),
    );
    startWorker = () =>
      env.startWorker({ args: ['--git-credentials', file], env: { WRITER_TOKEN: gitea.bot.token } });
    worker = await startWorker();
    stories.begin();
  }, giteaWithinMs);
  afterAll(async () => {
    await gitea?.stop();
    await env.stop();
  });
  stories.defineTests(240_000);
});

/** An application whose repository lies on the forge; a local repository is the team's clone. */
interface Team extends Followed {
  readonly spec: ApplicationSpec;
  readonly clone: BareRepo;
  push(image: string, behavior?: string): Promise<string>;
  pulls(): Promise<readonly { number: number; state: string; merged: boolean; body: string }[]>;
  head(): Promise<string>;
}

const strategy = { steps: '\n      - setWeight: 20\n      - pause: {duration: 300ms}' };
const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\ndata: {GREETING: hello}\n';

async function openTeam(
  name: string,
  { writeBack, isProtected }: { readonly writeBack: WriteBackPolicy; readonly isProtected: boolean },
): Promise<Team> {
  const hosted = await gitea.createRepo(name, { protectedMain: isProtected });
  const clone = await createBareRepo();
  const withToken = new URL(hosted.url);
  [withToken.username, withToken.password] = [gitea.user, gitea.token];
  await clone.git('remote', 'add', 'forge', withToken.href);
  const { source, ...rest } = deliveredFrom(clone, name, 'k8s');
  const spec = { ...rest, writeBack, source: { ...source, repoUrl: hosted.url } };
  const head = async (): Promise<string> => {
    await clone.git('fetch', '--quiet', 'forge', '+refs/heads/*:refs/heads/*');
    return clone.git('rev-parse', 'refs/heads/main');
  };
  const push = async (image: string, behavior?: string): Promise<string> => {
    const version = { image, ...(behavior === undefined ? {} : { behavior }) };
    const files = { 'k8s/rollout.yaml': rolloutYaml(3, strategy, version) };
    const revision = await commitFiles(clone, files, {
      message: `Deploy ${image}`,
      author: { name: 'Ada', email: 'ada@example.com' },
    });
    await clone.git('push', '--quiet', 'forge', 'main');
    return revision;
  };
  await head(); // the first commit of the forge
  await commitFiles(clone, {
    'k8s/service.yaml': serviceYaml('web'),
    'k8s/config.yaml': config,
    'README.md': '# x\n',
  });
  const first = await push('v1');
  await env.client.createApplication(spec);
  const followed = follow(env, name, name, 90_000);
  await followed.settled(first, 120_000);
  const pulls = () => gitea.api<Awaited<ReturnType<Team['pulls']>>>('GET', `${hosted.path}/pulls?state=all`);
  return { ...followed, spec, clone, push, pulls, head };
}

async function held(team: Team, code: string) {
  return team.waitFor(`it is held as ${code}`, ({ state, operation }) => {
    return state.hold?.code === code && operation === undefined;
  });
}

async function pushed(): Promise<void> {
  const team = await openTeam('pushed', { writeBack: 'pull-request-if-protected', isProtected: false });
  const bad = await team.push('v2-broken');
  const { state } = await team.waitFor(
    'it is back',
    ({ state: now, health, operation }) =>
      now.lastRevert?.bad === bad && health === 'Healthy' && operation === undefined,
  );
  expect(await team.head()).toBe(state.lastRevert?.revision);
  const message = await team.clone.git('log', '-1', '--format=%an%n%B', 'main');
  expect(message).toContain('Belay-Application: pushed\n');
  expect(message).toContain(`Belay-Bad-Revision: ${bad}\n`);
  expect(message).toContain('Co-authored-by: Ada <ada@example.com>');
  expect(await team.clone.git('diff', '--name-only', 'main^', 'main')).toBe('k8s/rollout.yaml');
  expect(await team.pulls()).toEqual([]);
  await undone(team);
}

/** A later version that is good, and back from it: first as it would be, which changes nothing, then really. */
async function undone(team: Team): Promise<void> {
  const before = await team.clone.git('rev-parse', 'main');
  const next = await team.push('v3');
  await team.waitFor('the next version is out', isSettledAt(next));
  const { restores } = await env.client.previewUndo(team.spec.name);
  const changes = [{ path: 'k8s/rollout.yaml', change: 'modified', added: 1, removed: 1 }];
  expect(restores).toMatchObject([{ paths: ['k8s'], bad: next, changes }]);
  expect(await team.head()).toBe(next);
  await env.client.undo(team.spec.name, {});
  await team.waitFor('the undo is out', ({ state, ...now }) => {
    return state.synced !== next && now.sync === 'Synced' && now.health === 'Healthy' && !now.operation;
  });
  const head = await team.head();
  expect(await team.clone.git('diff', '--name-only', before, head)).toBe('');
  expect(await team.clone.git('log', '-1', '--format=%s', head)).toContain('Undo pushed');
}

async function openFailed(name: string): Promise<{ readonly team: Team; readonly bad: string }> {
  const team = await openTeam(name, { writeBack: 'pull-request-if-protected', isProtected: true });
  const bad = await team.push('v2-broken');
  const { state, health } = await held(team, 'AwaitingPullRequest');
  expect({ bad: state.proposals?.[0]?.bad, head: await team.head(), health }).toEqual({
    bad,
    head: bad,
    health: 'Healthy',
  });
  return { team, bad };
}

async function merged(): Promise<void> {
  const { team } = await openFailed('merged');
  const [pull] = await team.pulls();
  expect(pull).toMatchObject({ state: 'open', body: expect.stringContaining('does not exist') });
  await gitea.api('POST', `/repos/${gitea.user}/merged/pulls/${pull?.number}/merge`, { Do: 'squash' });
  const rollouts = (await team.status()).state.workloads['web']?.number;
  const head = await team.head();
  const { state } = await team.waitFor('it is synced to the merge', isSettledAt(head));
  expect(state.history[0]?.result).toBe('reverted');
  expect(state.workloads['web']?.number).toBe(rollouts);
  expect({ hold: state.hold, proposals: state.proposals }).toEqual({});
}

async function pointless(): Promise<void> {
  const { team } = await openFailed('pointless');
  const fix = await team.push('v3');
  await team.waitFor('the fix is out', isSettledAt(fix));
  const [pull] = await until('the pull request is closed', async () => {
    const pulls = await team.pulls();
    return pulls[0]?.state === 'closed' ? pulls : undefined;
  });
  expect(pull?.merged).toBe(false);
  const comments = await gitea.api<readonly { body: string }[]>(
    'GET',
    `/repos/${gitea.user}/pointless/issues/${pull?.number}/comments`,
  );
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain(fix.slice(0, 12));
}

async function closed(): Promise<void> {
  const { team, bad } = await openFailed('closed');
  const [pull] = await team.pulls();
  await gitea.api('PATCH', `/repos/${gitea.user}/closed/pulls/${pull?.number}`, { state: 'closed' });
  await held(team, 'PullRequestClosed');
  expect(await team.head()).toBe(bad);
}

/** The worker dies while it goes back; the next one finds what is there. The other stories meet that too. */
async function again(): Promise<void> {
  const { team } = await openFailed('again');
  const [pull] = await team.pulls();
  await env.client.retry('again', {});
  await team.waitFor('it goes back again', ({ operation }) => operation?.kind === 'rollback');
  worker.kill('SIGKILL');
  worker = await startWorker();
  const { state } = await held(team, 'AwaitingPullRequest');
  expect(state.history.filter(({ result }) => result === 'failed')).toHaveLength(2);
  const pulls = (await team.pulls()).map((each) => ({ number: each.number, state: each.state }));
  expect(pulls).toEqual([{ number: pull?.number, state: 'open' }]);
}
