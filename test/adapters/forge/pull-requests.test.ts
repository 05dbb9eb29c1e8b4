import { createForge } from '../../../src/adapters/forge';
import type { Forge, PullRequest, PullRequestAsk, UnknownForge } from '../../../src/ports/forge';
import { addPull, type FakeForge, type Reply } from './support/fake-forge';
import { forgeCases } from './support/forges';

const token = 't0ken-sentinel';
const tokenVariable = 'BELAY_TEST_PULLS_TOKEN';
beforeEach(() => (process.env[tokenVariable] = token));
afterEach(() => delete process.env[tokenVariable]);

const repoUrl = 'https://forge.example/acme/shop.git';
const head = 'belay/revert/web';
const ask: PullRequestAsk = {
  ...{ repoUrl, head, base: 'main', title: 'Restore web', body: 'It **failed**.\n\nTwice.' },
  ...{ labels: [], reviewers: [], autoMerge: false },
};
const why = 'Not needed any more.';

describe.each(forgeCases)('on $kind', ({ kind, start, has, ...requests }) => {
  let fake: FakeForge;
  let forge: Forge;
  beforeEach(async () => {
    fake = await start();
    fake.state.branches.set(head, 'b'.repeat(40));
    forge = createForge([{ repo: 'https://forge.example', kind, apiUrl: fake.apiUrl, tokenVariable }]);
  });
  afterEach(() => fake.close());

  const writes = () => fake.seen.filter(({ method }) => method !== 'GET');
  const pulls = () => fake.state.pulls;
  const open = (more: Partial<PullRequestAsk> = {}) => forge.openPullRequest({ ...ask, ...more }).then(isOne);
  const closing = (number: number) => forge.closePullRequest(repoUrl, number, why).then(isOne);

  test('a pull request is opened', async () => {
    const { number, ...opened } = await open();
    expect(opened).toEqual({
      kind: 'pull-request',
      state: 'open',
      url: expect.stringMatching(new RegExp(`^https://forge\\.example/.*/${number}$`)),
      remarks: [],
    });
    expect(pulls()).toEqual([
      expect.objectContaining({
        number,
        head,
        base: 'main',
        title: ask.title,
        body: ask.body,
        state: 'open',
      }),
    ]);
  });

  test('the open one is found again, and nothing is written where nothing is new', async () => {
    const first = await open();
    fake.seen.length = 0;
    expect(await open()).toEqual(first);
    expect(writes()).toEqual([]);
  });

  test('the title and body of one that is found are brought up to date', async () => {
    const { number } = addPull(fake.state);
    expect(await open()).toMatchObject({ number });
    expect(pulls()).toEqual([expect.objectContaining({ title: ask.title, body: ask.body })]);
  });

  test('one whose answer was lost is found again', async () => {
    fake.faults.push({ on: requests.opens, isLost: true });
    await expect(open()).rejects.toMatchObject({ code: 'Unreachable', retry: 'later' });
    expect(await open()).toMatchObject({ number: pulls()[0]?.number });
    expect(pulls()).toHaveLength(1);
  });

  test('one that somebody opens at the same moment is found', async () => {
    fake.faults.push({ on: requests.opens, before: () => addPull(fake.state) });
    expect(await open()).toMatchObject({ number: pulls()[0]?.number, state: 'open' });
    expect(pulls()).toEqual([expect.objectContaining({ title: ask.title })]);
  });

  test.each([
    ['is closed', { state: 'closed' }],
    ['was merged', { state: 'merged' }],
    ['is of a fork', { isOfFork: true }],
    ['is for another branch', { base: 'release' }],
    ['is from another branch', { head: 'belay/revert/web-2' }],
  ] as const)('one that %s is left alone', async (_what, other) => {
    const { number, title } = addPull(fake.state, other);
    expect((await open()).number).not.toBe(number);
    expect(pulls()).toEqual([
      expect.objectContaining({ title, ...other }),
      expect.objectContaining({ title: ask.title, head, base: 'main' }),
    ]);
  });

  test('a title that is too long is cut', async () => {
    await open({ title: 'ä'.repeat(400) });
    expect(pulls()[0]?.title).toMatch(/^ä{200,}…$/);
  });

  if (has.labels)
    test('labels are set, once', async () => {
      expect(await open({ labels: ['revert'] })).toMatchObject({ remarks: [] });
      await open({ labels: ['revert'] });
      expect(pulls()[0]?.labels).toEqual(['revert']);
    });
  else
    test('labels are a remark', async () => {
      expect(await open({ labels: ['revert'] })).toMatchObject({
        remarks: [expect.stringContaining('label')],
      });
    });

  if (has.reviewers)
    test('reviewers are asked, once; one who is not there is a remark', async () => {
      const wish = { reviewers: ['ada', 'nobody', 'bob'] };
      const expected = { state: 'open', remarks: [expect.stringContaining('reviewer nobody')] };
      expect(await open(wish)).toMatchObject(expected);
      expect(await open(wish)).toMatchObject(expected);
      expect([...(pulls()[0]?.reviewers ?? [])].sort()).toEqual(['ada', 'bob']);
    });

  if (has.autoMerge) {
    test('auto-merge is turned on, once', async () => {
      expect(await open({ autoMerge: true })).toMatchObject({ state: 'open', remarks: [] });
      const before = writes().length;
      await open({ autoMerge: true });
      expect(writes()).toHaveLength(before);
      expect(pulls()[0]?.autoMerge).toBe(true);
    });
    test('what waits for nothing is merged at once', async () => {
      fake.state.merging = 'clean';
      expect(await open({ autoMerge: true })).toMatchObject({ state: 'merged', remarks: [] });
    });
    test('auto-merge that is not allowed is a remark', async () => {
      fake.state.merging = 'forbidden';
      expect(await open({ autoMerge: true })).toMatchObject({
        state: 'open',
        remarks: [expect.stringContaining('auto-merge could not be enabled')],
      });
    });
  } else
    test('auto-merge is a remark', async () => {
      expect(await open({ autoMerge: true })).toMatchObject({
        state: 'open',
        remarks: [expect.stringContaining('merge')],
      });
    });

  test.each(['open', 'merged', 'closed'] as const)('one that is %s is seen so', async (state) => {
    const { number } = addPull(fake.state, { state });
    expect(await forge.pullRequest(repoUrl, number)).toMatchObject({ number, state, remarks: [] });
    expect(writes()).toEqual([]);
  });

  test('one that is not there is not found', async () => {
    await expect(forge.pullRequest(repoUrl, 99)).rejects.toMatchObject({ code: 'NotFound', retry: 'never' });
    await expect(closing(99)).rejects.toMatchObject({ code: 'NotFound', retry: 'never' });
  });

  const closed = { state: 'closed', comments: [why] };

  test('one that is not needed any more is closed with its reason and without its branch', async () => {
    const { number } = addPull(fake.state);
    expect(await closing(number)).toMatchObject({ number, state: 'closed', remarks: [] });
    expect(pulls()).toEqual([expect.objectContaining(closed)]);
    expect([...fake.state.branches.keys()]).toEqual(['main']);
  });

  test('closing it again does nothing more', async () => {
    const { number } = addPull(fake.state);
    await closing(number);
    expect(await closing(number)).toMatchObject({ state: 'closed' });
    expect(pulls()).toEqual([expect.objectContaining(closed)]);
  });

  test.each(['comments', 'closes', 'deletes'] as const)(
    'an attempt that dies when it %s is gone on with',
    async (step) => {
      const { number } = addPull(fake.state);
      fake.faults.push({ on: requests[step], isLost: true });
      await closing(number).catch(() => undefined);
      expect(await closing(number)).toMatchObject({ state: 'closed' });
      expect(pulls()).toEqual([expect.objectContaining(closed)]);
      expect([...fake.state.branches.keys()]).toEqual(['main']);
    },
  );

  test.each(['merged', 'closed'] as const)('one that is %s stays as it is', async (state) => {
    const { number } = addPull(fake.state, { state });
    expect(await closing(number)).toMatchObject({ state });
    expect(writes()).toEqual([]);
    expect(fake.state.branches.has(head)).toBe(true);
  });

  test('one that is merged while it is to be closed is merged', async () => {
    const pull = addPull(fake.state);
    fake.faults.push({ on: requests.closes, before: () => (pull.state = 'merged') });
    expect(await closing(pull.number)).toMatchObject({ state: 'merged' });
    expect(pull.state).toBe('merged');
  });

  test('a comment is found on any page', async () => {
    const comments = [...Array.from({ length: 230 }, (_none, index) => `Comment ${index}`), why];
    const { number } = addPull(fake.state, { comments });
    await closing(number);
    expect(pulls()[0]?.comments).toHaveLength(231);
  });

  test('the branch of a fork is not deleted', async () => {
    const { number } = addPull(fake.state, { isOfFork: true });
    await closing(number);
    expect(fake.state.branches.has(head)).toBe(true);
  });

  test('what may not be commented or deleted is closed all the same', async () => {
    const { number } = addPull(fake.state);
    const reply = { status: 403, body: { message: 'No' } };
    fake.faults.push({ on: requests.comments, reply }, { on: requests.deletes, reply });
    expect(await closing(number)).toMatchObject({
      state: 'closed',
      remarks: [expect.stringContaining('comment'), expect.stringContaining(`branch ${head}`)],
    });
  });

  test.each<[string, Reply, object]>([
    ['401', { status: 401, body: { message: `Bad credentials ${token}` } }, { code: 'Unauthenticated' }],
    ['403', { status: 403, body: { message: 'No' } }, { code: 'Forbidden', retry: 'never' }],
    ['404', { status: 404, body: { message: 'Not Found' } }, { code: 'NotFound', retry: 'never' }],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, { code: 'Throttled', afterMs: 7_000 }],
    ['502', { status: 502, body: '<html>bad gateway</html>' }, { code: 'Unreachable', retry: 'later' }],
    ['no JSON', { status: 200, body: '<html>sign on</html>' }, { code: 'Unreachable', retry: 'later' }],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      { code: 'InvalidSpec', retry: 'never' },
    ],
  ])('%s is an error that names the repository and no secret', async (_what, reply, expected) => {
    fake.faults.push({ on: requests.finds, reply });
    const error: unknown = await open().catch((each: unknown) => each);
    expect(error).toMatchObject(expected);
    expect(String(error)).toMatch(/the forge of forge\.example\/acme\/shop answered \d{3}/);
    expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain(token);
    expect(fake.seen).toHaveLength(1);
  });

  test('an answer that is something else is an error', async () => {
    fake.faults.push({ on: /^GET/, reply: { status: 200, body: { title: 'A page' } } });
    await expect(forge.pullRequest(repoUrl, 7)).rejects.toMatchObject({ code: 'Invalid', retry: 'never' });
    expect(pulls()).toEqual([]);
  });

  test('a refusal says what the token may not', async () => {
    fake.faults.push({ on: requests.opens, reply: { status: 403, body: { message: 'No' } } });
    await expect(open()).rejects.toThrow(/its token may not open (?:pull|merge) requests/);
  });

  test('who calls it off gets no answer', async () => {
    const end = new AbortController();
    fake.faults.push({ on: requests.finds, before: () => end.abort(new Error('called off')) });
    await expect(forge.openPullRequest(ask, end.signal)).rejects.toThrow(/^called off$/);
    expect(pulls()).toEqual([]);
  });
});

test('nothing is opened where no forge is known', async () => {
  expect(await createForge([]).openPullRequest(ask)).toEqual({ kind: 'unknown', host: 'forge.example' });
});

function isOne(answer: PullRequest | UnknownForge): PullRequest {
  if (answer.kind === 'unknown') throw new Error('the forge is not known');
  return answer;
}
