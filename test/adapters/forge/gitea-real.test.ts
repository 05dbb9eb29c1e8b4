import { inspect } from 'node:util';
import { createForge } from '../../../src/adapters/forge';
import { credentialsFrom } from '../../../src/adapters/git';
import type { PullRequest, PullRequestAsk } from '../../../src/ports/forge';
import type { RestoreRequest } from '../../../src/ports/git';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';
import {
  describeOnGitea,
  giteaWithinMs,
  start,
  type Gitea,
  type GiteaRepo,
  type GiteaUser,
} from '../../support/gitea';
import { until } from '../../support/until';
import { sentinel, startScene } from '../../server/sending';

describeOnGitea('on a real Gitea', () => {
  /** What our adapters do, against a real Gitea. */
  let gitea: Gitea;
  let sandbox: GitSandbox;
  beforeAll(async () => {
    [gitea, sandbox] = [await start(), await createSandbox()];
  }, giteaWithinMs);
  /** For what Gitea does in the background. */
  const patienceMs = 120_000;

  // Each does what takes a second on a calm machine; some machines are not.
  jest.setTimeout(180_000);
  afterAll(async () => {
    await gitea?.stop();
    await sandbox?.remove();
  });

  const tokenVariable = 'BELAY_TEST_GITEA_TOKEN';
  beforeEach(() => (process.env[tokenVariable] = gitea.bot.token));
  afterEach(() => delete process.env[tokenVariable]);

  const forge = () =>
    createForge([{ repo: gitea.url, kind: 'gitea', apiUrl: `${gitea.url}/api/v1`, tokenVariable }]);

  let repositories = 0;
  const name = () => `shop-${++repositories}`;

  /** A repository with a good and a bad commit. */
  async function createShop(options: Parameters<Gitea['createRepo']>[1] = {}) {
    const repo = await gitea.createRepo(name(), options);
    const good = await repo.commit({ 'web/a.yaml': 'v: 1\n', 'docs/a.md': 'one\n' });
    const bad = await repo.commit({ 'web/a.yaml': 'v: 2\n' });
    return { ...repo, good, bad };
  }
  type Shop = Awaited<ReturnType<typeof createShop>>;

  function restoreOf({ url, good, bad }: Shop, more: Partial<RestoreRequest> = {}): RestoreRequest {
    return {
      ...{ repoUrl: url, branch: 'refs/heads/main', paths: ['web'], goodRevision: good, badRevision: bad },
      ...{ subject: 'Restore web', body: 'It failed.', trailers: { 'Belay-Run': 'run-1' }, ...more },
    };
  }

  /** Git with the bot's token, or another's. */
  function gitAs(token = gitea.bot.token) {
    process.env[tokenVariable] = token;
    const access = credentialsFrom([{ repo: gitea.url, tokenVariable }]);
    return sandbox.another({ credentials: { read: access, write: access } });
  }

  const head = 'belay/revert-1';

  /** A restore on a branch of its own, as Git write-back leaves it before it asks for a pull request. */
  async function pushRestore(shop: Shop): Promise<void> {
    const request = restoreOf(shop, { onto: `refs/heads/${head}` });
    expect(await gitAs().writer.restorePath(request)).toMatchObject({ kind: 'pushed' });
  }

  function askOf({ url }: GiteaRepo, more: Partial<PullRequestAsk> = {}): PullRequestAsk {
    return {
      ...{ repoUrl: url, head, base: 'main', title: 'Restore web', body: 'It **failed**.' },
      ...{ labels: [], reviewers: [], autoMerge: false, ...more },
    };
  }

  async function opened(ask: PullRequestAsk): Promise<PullRequest> {
    const pull = await forge().openPullRequest(ask);
    if (pull.kind === 'unknown') throw new Error('the forge is not known');
    return pull;
  }

  const pulls = (repo: GiteaRepo) => gitea.api<readonly object[]>('GET', `${repo.path}/pulls?state=all`);

  describe('a push', () => {
    test('goes to a branch that takes it', async () => {
      const shop = await createShop();
      const pushed = await gitAs().writer.restorePath(restoreOf(shop));
      expect(pushed).toEqual({ kind: 'pushed', revision: await shop.head(), alsoReverted: [] });
    });

    test.each<[string, object, string, string]>([
      ['that only others may push to', { push_whitelist_usernames: [] }, 'protected', 'protected'],
      ['whose files are protected', { protected_file_patterns: 'web/**' }, 'protected', 'protected'],
      ['that takes signed commits only', { require_signed_commits: true }, 'unsigned', 'sign'],
    ])('to a branch %s is refused, and we know why', async (_what, rule, why, told) => {
      const shop = await createShop();
      const push = { rule_name: 'main', enable_push: true, push_whitelist_usernames: [gitea.bot.user] };
      const protection = { ...push, enable_push_whitelist: true, ...rule };
      await gitea.api('POST', `${shop.path}/branch_protections`, protection);
      const refused = await gitAs().writer.restorePath(restoreOf(shop));
      expect(refused).toMatchObject({ kind: 'refused', why, problem: { code: 'Forbidden' } });
      expect(JSON.stringify(refused)).toContain(told);
      expect(await shop.head()).toBe(shop.bad);
    });

    test('of somebody who may only read is forbidden', async () => {
      const shop = await createShop();
      const reader = await readerOf(shop);
      const refused = await gitAs(reader.token).writer.restorePath(restoreOf(shop));
      expect(refused).toMatchObject({ kind: 'refused', why: 'forbidden' });
    });

    test('to a repository that is not there, or with a wrong token, is an error that shows no token', async () => {
      const shop = await createShop();
      const wrong = 'a-wrong-token-of-tests';
      const errorOf = (token: string, url: string) =>
        gitAs(token)
          .writer.restorePath(restoreOf({ ...shop, url }))
          .catch((error: unknown) => error);
      const errors = [
        await errorOf(gitea.bot.token, shop.url.replace('shop-', 'no-')),
        await errorOf(wrong, shop.url),
      ];
      expect(errors).toMatchObject([{ code: 'NotFound' }, { code: 'Unauthenticated' }]);
      expect(inspect(errors, { depth: 9 })).not.toContain(wrong);
      expect(inspect(errors, { depth: 9 })).not.toContain(gitea.bot.token);
    });
  });

  async function readerOf(repo: GiteaRepo): Promise<GiteaUser> {
    const reader = await gitea.addUser(`reader-${++repositories}`);
    await gitea.api('PUT', `${repo.path}/collaborators/${reader.user}`, { permission: 'read' });
    return reader;
  }

  describe('a pull request', () => {
    test('is opened, and found again after a crash, with what it says brought up to date', async () => {
      const shop = await createShop({ protectedMain: true });
      await pushRestore(shop);
      const ask = askOf(shop, { labels: ['belay', 'revert'] });
      const first = await opened(ask);
      expect(first).toEqual({
        ...{ kind: 'pull-request', number: 1, url: `${shop.url.replace(/\.git$/, '')}/pulls/1` },
        ...{ state: 'open', remarks: [] },
      });
      expect(await opened({ ...ask, title: 'Restore web of shop', body: 'Anew.' })).toEqual(first);
      expect(await pulls(shop)).toMatchObject([
        {
          ...{ title: 'Restore web of shop', body: 'Anew.', user: { login: gitea.bot.user } },
          ...{ head: { ref: head }, base: { ref: 'main' } },
          labels: [{ name: 'belay' }, { name: 'revert' }],
        },
      ]);
      expect(await gitea.api('GET', `${shop.path}/labels`)).toHaveLength(2);
      expect(await forge().pullRequest(shop.url, 1)).toEqual(first);
    });

    test('of a fork, with the same name of its branch, is not ours; a closed one is not opened again', async () => {
      const shop = await createShop();
      const stranger = await gitea.addUser(`stranger-${++repositories}`);
      const fork = await gitea.api<{ readonly full_name: string }>(
        'POST',
        `${shop.path}/forks`,
        {},
        stranger.token,
      );
      const file = { content: Buffer.from('x').toString('base64'), message: 'Change', new_branch: head };
      await gitea.api('POST', `/repos/${fork.full_name}/contents/web/b.yaml`, file, stranger.token);
      const theirs = { title: 'Theirs', base: 'main', head: `${stranger.user}:${head}` };
      await gitea.api('POST', `${shop.path}/pulls`, theirs, stranger.token);
      await pushRestore(shop);
      const ours = await opened(askOf(shop));
      expect(ours.number).toBe(2);
      await gitea.api('PATCH', `${shop.path}/pulls/2`, { state: 'closed' });
      expect(await forge().pullRequest(shop.url, 2)).toMatchObject({ state: 'closed' });
      expect(await opened(askOf(shop))).toMatchObject({ number: 3, state: 'open' });
    });

    test('is reviewed by people and teams; whom Gitea does not know is a remark', async () => {
      const org = `acme-${++repositories}`;
      await gitea.api('POST', '/orgs', { username: org });
      const units = { 'repo.code': 'write', 'repo.pulls': 'write', 'repo.issues': 'write' };
      const team = { permission: 'write', units_map: units, includes_all_repositories: true };
      const { id } = await gitea.api<{ id: number }>('POST', `/orgs/${org}/teams`, { name: 'ops', ...team });
      const person = await gitea.addUser(`person-${++repositories}`);
      // Its token may read the organisation too, whose labels these are.
      const writer = await gitea.addUser(`writer-${++repositories}`);
      process.env[tokenVariable] = writer.token;
      for (const user of [person.user, writer.user]) await gitea.api('PUT', `/teams/${id}/members/${user}`);
      await gitea.api('POST', `/orgs/${org}/labels`, { name: 'of-org', color: '#aabbcc' });
      await gitea.api('POST', `/orgs/${org}/repos`, {
        name: 'shop',
        auto_init: true,
        default_branch: 'main',
      });
      const file = { content: Buffer.from('x').toString('base64'), message: 'Change', new_branch: head };
      await gitea.api('POST', `/repos/${org}/shop/contents/web/b.yaml`, file);
      const ask = {
        ...askOf({ url: `${gitea.url}/${org}/shop.git` } as GiteaRepo),
        labels: ['of-org'],
        reviewers: [person.user, `${org}/ops`, 'nobody-of-this-name'],
      };
      const pull = await opened(ask);
      expect(pull.remarks).toEqual([
        expect.stringMatching(/^reviewer nobody-of-this-name could not be asked: .*answered 404/),
      ]);
      expect(await gitea.api('GET', `/repos/${org}/shop/pulls/1`)).toMatchObject({
        ...{ labels: [{ name: 'of-org' }], requested_reviewers: [{ login: person.user }] },
        requested_reviewers_teams: [{ name: 'ops' }],
      });
      expect(await gitea.api('GET', `/repos/${org}/shop/labels`)).toEqual([]);
      const approval = { event: 'APPROVED', body: 'Good.' };
      await gitea.api('POST', `/repos/${org}/shop/pulls/1/reviews`, approval, person.token);
      await opened(ask);
      const reviews = await gitea.api('GET', `/repos/${org}/shop/pulls/1/reviews`);
      expect(reviews).toMatchObject([{ state: 'APPROVED', user: { login: person.user } }]);
    });

    test('is merged by itself when its checks have succeeded, and its branch is gone', async () => {
      const shop = await createShop();
      const checks = { rule_name: 'main', enable_status_check: true, status_check_contexts: ['ci'] };
      await gitea.api('POST', `${shop.path}/branch_protections`, { ...checks, enable_push: false });
      await pushRestore(shop);
      const ask = askOf(shop, { autoMerge: true });
      expect(await opened(ask)).toMatchObject({ state: 'open', remarks: [] });
      expect(await opened(ask)).toMatchObject({ state: 'open', remarks: [] });
      const revision = await shop.head(head);
      await gitea.api('POST', `${shop.path}/statuses/${revision}`, { context: 'ci', state: 'success' });
      const isMerged = async (): Promise<boolean> => {
        const pull = await forge().pullRequest(shop.url, 1);
        return pull.kind === 'pull-request' && pull.state === 'merged';
      };
      await until('it is merged', isMerged, patienceMs);
      await until('its branch is gone', async () => (await shop.head(head)) === undefined, patienceMs);
      expect(await shop.head()).not.toBe(shop.bad);
    });

    test('that cannot be merged by itself is open all the same, with a remark', async () => {
      const shop = await createShop();
      const rule = {
        rule_name: 'main',
        enable_merge_whitelist: true,
        merge_whitelist_usernames: [gitea.user],
      };
      await gitea.api('POST', `${shop.path}/branch_protections`, { ...rule, enable_push: false });
      await pushRestore(shop);
      const pull = await opened(askOf(shop, { autoMerge: true }));
      expect(pull).toMatchObject({
        state: 'open',
        remarks: [expect.stringMatching(/^auto-merge could not be enabled: .*not allowed to merge/i)],
      });
    });

    test.each(['merge', 'squash', 'rebase'])('that a person ends by "%s" is merged', async (style) => {
      const shop = await createShop();
      await pushRestore(shop);
      const { number } = await opened(askOf(shop));
      const path = `${shop.path}/pulls/${number}/merge`;
      const merge = (): Promise<boolean> =>
        gitea.api('POST', path, { Do: style }).then(
          () => true,
          (error: unknown) => {
            if (String(error).includes('try again later')) return false;
            throw error;
          },
        );
      await until('it can be merged', merge, patienceMs);
      expect(await forge().pullRequest(shop.url, number)).toMatchObject({ state: 'merged' });
      const after = await forge().closePullRequest(shop.url, number, 'Too late.');
      expect(after).toMatchObject({ state: 'merged', remarks: [] });
      expect(await gitea.api('GET', `${shop.path}/issues/${number}/comments`)).toEqual([]);
      expect(await shop.head(head)).toBeDefined();
    });
  });

  describe('a pull request that is not needed any more', () => {
    const comment = 'Somebody has restored it already.';
    const comments = (shop: Shop) =>
      gitea.api<readonly { readonly body: string }[]>('GET', `${shop.path}/issues/1/comments`);

    test('is closed with one comment, and its branch is gone, however often that is done', async () => {
      const shop = await createShop();
      await pushRestore(shop);
      await opened(askOf(shop));
      for (let times = 0; times < 2; times++)
        expect(await forge().closePullRequest(shop.url, 1, comment)).toMatchObject({
          ...{ state: 'closed', remarks: [] },
        });
      expect(await comments(shop)).toMatchObject([{ body: comment, user: { login: gitea.bot.user } }]);
      expect(await shop.head(head)).toBeUndefined();
    });

    test.each<[string, readonly string[]]>([
      ['the comment', ['comment']],
      ['closing', ['comment', 'close']],
    ])('is closed to the end after a death behind %s', async (_what, done) => {
      const shop = await createShop();
      await pushRestore(shop);
      await opened(askOf(shop));
      const { token } = gitea.bot;
      await gitea.api('POST', `${shop.path}/issues/1/comments`, { body: comment }, token);
      if (done.includes('close'))
        await gitea.api('PATCH', `${shop.path}/pulls/1`, { state: 'closed' }, token);
      expect(await forge().closePullRequest(shop.url, 1, comment)).toMatchObject({ state: 'closed' });
      expect(await comments(shop)).toHaveLength(1);
      expect(await shop.head(head)).toBeUndefined();
    });

    test('stays as it is where a person has closed it, its branch too', async () => {
      const shop = await createShop();
      await pushRestore(shop);
      await opened(askOf(shop));
      await gitea.api('PATCH', `${shop.path}/pulls/1`, { state: 'closed' });
      expect(await forge().closePullRequest(shop.url, 1, comment)).toMatchObject({ state: 'closed' });
      expect(await comments(shop)).toEqual([]);
      expect(await shop.head(head)).toBeDefined();
    });
  });

  test('the status of a commit is told, and replaced by the next of the same name', async () => {
    const shop = await createShop();
    const status = {
      repoUrl: shop.url,
      revision: shop.bad,
      context: 'belay/web',
      targetUrl: 'https://belay.example',
    };
    await forge().setStatus({ ...status, state: 'pending', description: 'step 1 of 3' });
    await forge().setStatus({ ...status, state: 'failure', description: 'reverted' });
    expect(await gitea.api('GET', `${shop.path}/commits/${shop.bad}/status`)).toMatchObject({
      state: 'failure',
      statuses: [{ context: 'belay/web', status: 'failure', description: 'reverted' }],
    });
  });

  test.each<[string, string]>([
    ['signed with our secret is a hint to look at its repository', sentinel],
    ['signed with another is not let in', 'another-secret-of-tests'],
  ])('a push that Gitea tells us by a webhook %s', async (_what, secret) => {
    const statuses: number[] = [];
    const scene = await startScene({ say: (line) => statuses.push(Number(/webhook (\d+)/.exec(line)?.[1])) });
    try {
      const shop = await createShop();
      const config = { url: scene.url, content_type: 'json', secret };
      await gitea.api('POST', `${shop.path}/hooks`, {
        type: 'gitea',
        active: true,
        events: ['push'],
        config,
      });
      await shop.commit({ 'web/a.yaml': 'v: 3\n' });
      await until('the delivery has come', () => statuses.length > 0, patienceMs);
      const isOurs = secret === sentinel;
      expect(statuses).toEqual([isOurs ? 202 : 401]);
      const heard = { refs: ['refs/heads/main'], defaultBranch: 'main' };
      const looks = scene.looks.filter(({ url }) => url === shop.url);
      expect(looks).toEqual(isOurs ? [{ url: shop.url, heard }] : []);
    } finally {
      await scene.close();
    }
  });

  test('what the forge refuses is an error that says what it is, and shows no token', async () => {
    const shop = await createShop();
    await shop.commit({ 'web/b.yaml': 'v: 3\n' }, { branch: head });
    await opened(askOf(shop));
    const wrong = 'a-wrong-token-of-tests';
    const reader = await readerOf(shop);
    const as = async (token: string, call: () => Promise<unknown>): Promise<unknown> => {
      process.env[tokenVariable] = token;
      return call().catch((error: unknown) => error);
    };
    const status = { repoUrl: shop.url, revision: shop.bad, context: 'belay/web', description: 'x' };
    const errors = [
      await as(wrong, () => forge().openPullRequest(askOf(shop))),
      await as(reader.token, () => forge().closePullRequest(shop.url, 1, 'Mine now.')),
      await as(reader.token, () => forge().setStatus({ ...status, state: 'success' })),
      await as(gitea.bot.token, () =>
        forge().openPullRequest(askOf({ url: `${gitea.url}/belay/nothing.git` } as GiteaRepo)),
      ),
      await as(gitea.bot.token, () => forge().openPullRequest(askOf(shop, { head: 'belay/nothing' }))),
      await as(gitea.bot.token, () => forge().pullRequest(shop.url, 99)),
      await as(gitea.bot.token, () => forge().closePullRequest(shop.url, 99, 'x')),
    ];
    expect(errors).toMatchObject([
      { code: 'Unauthenticated', retry: 'later', message: expect.stringContaining('token is wrong') },
      { code: 'Forbidden', retry: 'never', message: expect.stringContaining('may not close pull requests') },
      { code: 'Forbidden', retry: 'never', message: expect.stringContaining('may not set the status') },
      ...Array.from({ length: 4 }, () => ({ code: 'NotFound', retry: 'never' })),
    ]);
    const shown = inspect(errors, { depth: 9 });
    for (const token of [wrong, reader.token, gitea.bot.token]) expect(shown).not.toContain(token);
    expect(await forge().pullRequest(shop.url, 1)).toMatchObject({ state: 'open' });
  });
});
