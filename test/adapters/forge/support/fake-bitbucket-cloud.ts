import { addPull, startFakeForge, type Asked, type FakeForge, type FakePull, type Reply } from './fake-forge';

const notFound: Reply = { status: 404, body: { type: 'error', error: { message: 'Not found' } } };
const repository = '/repositories/acme/shop';

interface Wanted {
  readonly title?: string;
  readonly description?: string;
  readonly source?: { readonly branch: { readonly name: string } };
  readonly destination?: { readonly branch: { readonly name: string } };
  readonly reviewers?: readonly { readonly account_id?: string; readonly uuid?: string }[];
}

/** Bitbucket Cloud's API 2.0 as far as pull requests need it, in the shapes of its documentation. */
export function startFakeBitbucketCloud(): Promise<FakeForge> {
  return startFakeForge((state) => {
    const find = (id: string | undefined) => state.pulls.find((pull) => pull.number === Number(id));
    return {
      [`GET ${repository}/pullrequests`]: (_parts, asked) => {
        const [, head, base] =
          /^source\.branch\.name = "([^"]+)" AND destination\.branch\.name = "([^"]+)"$/.exec(
            asked.query.get('q') ?? '',
          ) ?? [];
        const fits = state.pulls.filter(
          (pull) =>
            (asked.query.get('state') !== 'OPEN' || pull.state === 'open') &&
            (head ?? pull.head) === pull.head &&
            (base ?? pull.base) === pull.base,
        );
        // A list is short: without reviewers.
        return paged(fits.map(shapeOf), asked);
      },
      [`POST ${repository}/pullrequests`]: (_parts, { body }) => {
        const { title = '', description = '', source, destination } = body as Wanted;
        const ends = { head: source?.branch.name ?? '', base: destination?.branch.name ?? 'main' };
        const same = state.pulls.find(
          (pull) =>
            pull.state === 'open' && pull.head === ends.head && pull.base === ends.base && !pull.isOfFork,
        );
        const pull = same ?? addPull(state, ends);
        Object.assign(pull, { title, body: description });
        return { status: 201, body: wholeOf(pull) };
      },
      [`GET ${repository}/pullrequests/:id`]: ([id]) => {
        const pull = find(id);
        return pull === undefined ? notFound : { status: 200, body: wholeOf(pull) };
      },
      // What is left out is cleared.
      [`PUT ${repository}/pullrequests/:id`]: ([id], { body }) => {
        const pull = find(id);
        if (pull === undefined) return notFound;
        const { title = '', description = '', reviewers = [] } = body as Wanted;
        const ids = reviewers.map(
          ({ account_id, uuid }) => account_id ?? uuid?.replaceAll(/[{}]/g, '') ?? '',
        );
        if (title === '' || ids.some((each) => !state.users.has(each)))
          return { status: 400, body: { type: 'error', error: { message: 'Malformed reviewers list' } } };
        Object.assign(pull, { title, body: description });
        pull.reviewers.splice(0, Infinity, ...ids);
        return { status: 200, body: wholeOf(pull) };
      },
      [`POST ${repository}/pullrequests/:id/decline`]: ([id]) => {
        const pull = find(id);
        if (pull === undefined) return notFound;
        if (pull.state !== 'open')
          return { status: 400, body: { type: 'error', error: { message: 'This pull request is closed' } } };
        pull.state = 'closed';
        return { status: 200, body: wholeOf(pull) };
      },
      [`GET ${repository}/pullrequests/:id/comments`]: ([id], asked) =>
        paged(
          (find(id)?.comments ?? []).map((raw) => ({ type: 'pullrequest_comment', content: { raw } })),
          asked,
        ),
      [`POST ${repository}/pullrequests/:id/comments`]: ([id], { body }) => {
        const { content } = body as { readonly content: { readonly raw: string } };
        find(id)?.comments.push(content.raw);
        return { status: 201, body: { content } };
      },
      [`DELETE ${repository}/refs/branches/(.+)`]: ([branch = '']) =>
        state.branches.delete(branch) ? { status: 204 } : notFound,
    };
  });
}

function paged(list: readonly unknown[], { query, path }: Asked): Reply {
  const size = Math.min(Number(query.get('pagelen') ?? 10), 100);
  const page = Number(query.get('page') ?? 1);
  const values = list.slice((page - 1) * size, page * size);
  const more = page * size < list.length ? { next: `https://api.forge.example${path}?page=${page + 1}` } : {};
  return { status: 200, body: { values, page, pagelen: size, size: list.length, ...more } };
}

const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' } as const;

function shapeOf({ number, title, body, state, head, base, isOfFork }: FakePull) {
  return {
    ...{ type: 'pullrequest', id: number, title, description: body, state: states[state] },
    links: { html: { href: `https://forge.example/acme/shop/pull-requests/${number}` } },
    source: { branch: { name: head }, repository: { full_name: isOfFork ? 'eve/shop' : 'acme/shop' } },
    destination: { branch: { name: base }, repository: { full_name: 'acme/shop' } },
  };
}

function wholeOf(pull: FakePull) {
  return {
    ...shapeOf(pull),
    reviewers: pull.reviewers.map((account_id) => ({ account_id, uuid: `{${account_id}}` })),
  };
}
