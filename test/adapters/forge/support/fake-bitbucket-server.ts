import { addPull, startFakeForge, type Asked, type FakeForge, type FakePull, type Reply } from './fake-forge';

const repository = '/rest/api/latest/projects/ACME/repos/shop';
const branches = '/rest/branch-utils/latest/projects/ACME/repos/shop/branches';

interface Wanted {
  readonly version?: number;
  readonly title?: string;
  readonly description?: string;
  readonly fromRef?: { readonly id: string };
  readonly toRef?: { readonly id: string };
  readonly reviewers?: readonly { readonly user: { readonly name: string } }[];
}

function refused(status: number, message: string): Reply {
  return { status, body: { errors: [{ context: null, message, exceptionName: null }] } };
}
const notFound = refused(404, 'There is no pull request of this number.');

/** The API of Bitbucket Data Center as far as pull requests need it, in the shapes of its documentation. */
export async function startFakeBitbucketServer(): Promise<FakeForge> {
  const versions = new Map<number, number>();
  const shape = (pull: FakePull) => shapeOf(pull, versions.get(pull.number) ?? 0);
  const fake = await startFakeForge((state) => {
    const find = (id: string | undefined) => state.pulls.find((pull) => pull.number === Number(id));
    /** A change must be of the latest version, and of one that is open. */
    const change = (id: string | undefined, version: unknown, act: (pull: FakePull) => void): Reply => {
      const pull = find(id);
      if (pull === undefined) return notFound;
      const now = versions.get(pull.number) ?? 0;
      if (pull.state !== 'open' || Number(version) !== now)
        return refused(409, 'You are attempting to modify a pull request based on out-of-date information.');
      act(pull);
      versions.set(pull.number, now + 1);
      return { status: 200, body: shape(pull) };
    };
    return {
      [`GET ${repository}/pull-requests`]: (_parts, asked) => {
        const { query } = asked;
        const fits = state.pulls.filter(
          (pull) =>
            (query.get('state') !== 'OPEN' || pull.state === 'open') &&
            (query.get('direction') !== 'OUTGOING' || query.get('at') === `refs/heads/${pull.head}`),
        );
        return paged(fits.map(shape), asked);
      },
      [`POST ${repository}/pull-requests`]: (_parts, { body }) => {
        const { title = '', description = '', fromRef, toRef } = body as Wanted;
        const [head, base] = [nameOf(fromRef), nameOf(toRef)];
        const same = state.pulls.some(
          (pull) => pull.state === 'open' && pull.head === head && pull.base === base && !pull.isOfFork,
        );
        if (same)
          return refused(409, 'Only one pull request may be open for a given source and target branch');
        return { status: 201, body: shape(addPull(state, { head, base, title, body: description })) };
      },
      [`GET ${repository}/pull-requests/:id`]: ([id]) => {
        const pull = find(id);
        return pull === undefined ? notFound : { status: 200, body: shape(pull) };
      },
      [`PUT ${repository}/pull-requests/:id`]: ([id], { body }) => {
        const { version, title = '', description = '', reviewers = [] } = body as Wanted;
        return change(id, version, (pull) => {
          Object.assign(pull, { title, body: description });
          pull.reviewers.splice(0, Infinity, ...reviewers.map(({ user }) => user.name));
        });
      },
      [`POST ${repository}/pull-requests/:id/participants`]: ([id], { body }) => {
        const { user, role } = body as { readonly user: { readonly name: string }; readonly role: string };
        if (!state.users.has(user.name) || role !== 'REVIEWER') return refused(404, 'No such user');
        find(id)?.reviewers.push(user.name);
        return { status: 200, body: { user, role } };
      },
      [`POST ${repository}/pull-requests/:id/decline`]: ([id], { query }) =>
        change(id, query.get('version'), (pull) => (pull.state = 'closed')),
      [`GET ${repository}/pull-requests/:id/auto-merge`]: ([id]) =>
        find(id)?.autoMerge === true ? { status: 200, body: { autoSubject: true } } : notFound,
      [`POST ${repository}/pull-requests/:id/merge`]: ([id], { query, body }) => {
        if (state.merging === 'forbidden' || body['autoMerge'] !== true)
          return refused(409, 'Auto-merge is not enabled for this repository.');
        return change(id, query.get('version'), (pull) => {
          if (state.merging === 'clean') pull.state = 'merged';
          else pull.autoMerge = true;
        });
      },
      [`GET ${repository}/pull-requests/:id/activities`]: ([id], asked) => {
        const comments = (find(id)?.comments ?? []).map((text) => ({
          action: 'COMMENTED',
          comment: { text },
        }));
        return paged([...comments, { action: 'OPENED' }], asked);
      },
      [`POST ${repository}/pull-requests/:id/comments`]: ([id], { body }) => {
        find(id)?.comments.push(String(body['text']));
        return { status: 201, body: { id: 1, text: body['text'] } };
      },
      // It does not matter whether there was one.
      [`DELETE ${branches}`]: (_parts, { body }) => {
        state.branches.delete(nameOf({ id: String(body['name']) }));
        return { status: 204 };
      },
    };
  });
  return { ...fake, apiUrl: `${fake.apiUrl}/rest/api/latest` };
}

function nameOf(ref: { readonly id: string } | undefined): string {
  return /^refs\/heads\/(.+)$/.exec(ref?.id ?? '')?.[1] ?? '';
}

function paged(list: readonly unknown[], { query }: Asked): Reply {
  const size = Math.min(Number(query.get('limit') ?? 25), 100);
  const start = Number(query.get('start') ?? 0);
  const values = list.slice(start, start + size);
  const isLastPage = start + size >= list.length;
  const nextPageStart = isLastPage ? null : start + size;
  return {
    status: 200,
    body: { size: values.length, limit: size, start, isLastPage, nextPageStart, values },
  };
}

const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' } as const;

function shapeOf({ number, title, body, state, head, base, isOfFork, reviewers }: FakePull, version: number) {
  const address = `https://forge.example/projects/ACME/repos/shop/pull-requests/${number}`;
  return {
    ...{
      id: number,
      version,
      title,
      description: body,
      state: states[state],
      links: { self: [{ href: address }] },
    },
    fromRef: {
      id: `refs/heads/${head}`,
      displayId: head,
      repository: { id: isOfFork ? 2 : 1, slug: 'shop' },
    },
    toRef: { id: `refs/heads/${base}`, displayId: base, repository: { id: 1, slug: 'shop' } },
    reviewers: reviewers.map((name) => ({ user: { name, slug: name }, role: 'REVIEWER', approved: false })),
  };
}
