import { addPull, startFakeForge, type Asked, type FakeForge, type FakePull, type Reply } from './fake-forge';

const notFound: Reply = { status: 404, body: { message: 'not found' } };
const repository = '/repos/acme/shop';
/** What the server gives at most, whatever is asked for. */
const mostOfPage = 20;

/** Gitea's API as far as pull requests need it; how it behaves is taken from the real one in gitea-real.test.ts. */
export function startFakeGitea(): Promise<FakeForge> {
  /** Those that were tried to merge: the first time Gitea still looks for conflicts. */
  const tried = new Set<number>();
  return startFakeForge((state) => {
    const find = (number: string | undefined) => state.pulls.find((pull) => pull.number === Number(number));
    const shape = (pull: FakePull) => shapeOf(pull, state.branches.has(pull.head));
    const idOf = (label: string) => [...state.labels].indexOf(label) + 1;
    return {
      [`GET ${repository}/pulls`]: (_parts, asked) => {
        const isWanted = ({ state: each }: FakePull) =>
          asked.query.get('state') !== 'open' || each === 'open';
        return paged(state.pulls.filter(isWanted).map(shape), asked);
      },
      [`POST ${repository}/pulls`]: (_parts, { body }) => {
        const { head = '', base = '', title = '', body: text = '' } = body as Record<string, string>;
        const other = state.pulls.find(
          (pull) => pull.state === 'open' && pull.head === head && pull.base === base && !pull.isOfFork,
        );
        if (other !== undefined)
          return { status: 409, body: { message: 'pull request already exists for these targets' } };
        return { status: 201, body: shape(addPull(state, { head, base, title, body: text })) };
      },
      [`GET ${repository}/pulls/:index`]: ([number]) => {
        const pull = find(number);
        return pull === undefined ? notFound : { status: 200, body: shape(pull) };
      },
      [`PATCH ${repository}/pulls/:index`]: ([number], { body }) => {
        const pull = find(number);
        if (pull === undefined) return notFound;
        if (body['state'] !== undefined && pull.state === 'merged')
          return { status: 412, body: { message: 'cannot change state of this pull request' } };
        const { title = pull.title, body: text = pull.body } = body as Record<string, string>;
        Object.assign(pull, { title, body: text });
        if (body['state'] === 'closed') pull.state = 'closed';
        return { status: 201, body: shape(pull) };
      },
      [`POST ${repository}/pulls/:index/merge`]: ([number]) => {
        const pull = find(number);
        if (pull === undefined) return notFound;
        if (!tried.has(pull.number)) {
          tried.add(pull.number);
          return { status: 405, body: { message: 'Please try again later' } };
        }
        if (state.merging === 'forbidden')
          return { status: 405, body: { message: 'User not allowed to merge PR' } };
        if (pull.autoMerge) return { status: 409, body: { message: 'already scheduled' } };
        if (state.merging === 'clean') pull.state = 'merged';
        pull.autoMerge = true;
        return { status: 201 };
      },
      [`GET ${repository}/pulls/:index/reviews`]: ([number]) => ({
        status: 200,
        body: find(number)?.reviewers.map((login) => ({ user: { login }, state: 'REQUEST_REVIEW' })),
      }),
      [`POST ${repository}/pulls/:index/requested_reviewers`]: ([number], { body }) => {
        const { reviewers = [] } = body as { readonly reviewers?: readonly string[] };
        const unknown = reviewers.find((each) => !state.users.has(each));
        if (unknown !== undefined) return { status: 404, body: { message: `User '${unknown}' not exist` } };
        find(number)?.reviewers.push(...reviewers);
        return { status: 201, body: [] };
      },
      [`GET ${repository}/issues/:index/timeline`]: ([number]) => ({
        status: 200,
        body: find(number)?.autoMerge === true ? [{ type: 'pull_scheduled_merge' }] : [],
      }),
      [`GET ${repository}/issues/:index/comments`]: ([number]) => ({
        status: 200,
        body: find(number)?.comments.map((body, id) => ({ id, body })),
      }),
      [`POST ${repository}/issues/:index/comments`]: ([number], { body }) => {
        find(number)?.comments.push(String(body['body']));
        return { status: 201, body: { id: 1, body: body['body'] } };
      },
      [`POST ${repository}/issues/:index/labels`]: ([number], { body }) => {
        const names = [...state.labels].filter((name) => (body['labels'] as number[]).includes(idOf(name)));
        const pull = find(number);
        pull?.labels.push(...names.filter((name) => !pull.labels.includes(name)));
        return { status: 200, body: [] };
      },
      [`GET ${repository}/labels`]: (_parts, asked) =>
        paged(
          [...state.labels].map((name) => ({ id: idOf(name), name })),
          asked,
        ),
      [`POST ${repository}/labels`]: (_parts, { body }) => {
        if (!state.mayCreateLabels) return { status: 403, body: { message: 'write permission is required' } };
        const name = String(body['name']);
        state.labels.add(name);
        return { status: 201, body: { id: idOf(name), name } };
      },
      'GET /orgs/:org/labels': () => notFound,
      [`DELETE ${repository}/branches/(.+)`]: ([branch = '']) =>
        state.branches.delete(branch) ? { status: 204 } : notFound,
    };
  });
}

function paged(list: readonly unknown[], { query }: Asked): Reply {
  const size = Math.min(Number(query.get('limit') ?? 30), mostOfPage);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  const headers = { 'x-total-count': String(list.length) };
  return { status: 200, body: list.slice(from, from + size), headers };
}

/** Of a branch that is gone it tells the reference that it keeps. */
function shapeOf(pull: FakePull, hasBranch: boolean) {
  const { number, title, body, state, isOfFork, labels } = pull;
  return {
    ...{ id: 1000 + number, number, title, body, state: state === 'open' ? 'open' : 'closed' },
    ...{ merged: state === 'merged', html_url: `https://forge.example/acme/shop/pulls/${number}` },
    labels: labels.map((name) => ({ name })),
    head: { ref: hasBranch ? pull.head : `refs/pull/${number}/head`, repo_id: isOfFork ? 2 : 1 },
    base: { ref: pull.base, repo_id: 1, repo: { default_merge_style: 'squash' } },
  };
}
