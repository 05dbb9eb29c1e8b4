import {
  addPull,
  pageOf,
  startFakeForge,
  type FakeForge,
  type FakePull,
  type FakeState,
  type Reply,
  type Routes,
} from './fake-forge';

const notFound: Reply = { status: 404, body: { message: 'Not Found', status: '404' } };
const denied: Reply = { status: 403, body: { message: 'Resource not accessible by integration' } };

/** What GitHub answers to what it cannot take: of some codes it says no more than the field. */
function invalid(resource: string, more: { readonly message: string } | { readonly field: string }): Reply {
  const code = 'message' in more ? 'custom' : 'already_exists';
  return { status: 422, body: { message: 'Validation Failed', errors: [{ resource, code, ...more }] } };
}

/** GitHub's REST and GraphQL API as far as pull requests need it, in the shapes of its documentation. */
export function startFakeGithub(): Promise<FakeForge> {
  return startFakeForge((state) => ({
    'GET /repos/acme/shop/pulls': (_parts, { query }) => {
      const head = query.get('head') ?? '';
      const fits = state.pulls.filter(
        (pull) =>
          (query.get('state') === 'all' || (pull.state === 'open') === (query.get('state') !== 'closed')) &&
          (query.get('base') ?? pull.base) === pull.base &&
          // Without an owner in front it is ignored.
          (!head.includes(':') || head === `${pull.isOfFork ? 'eve' : 'acme'}:${pull.head}`),
      );
      return {
        status: 200,
        body: pageOf(
          fits.map((pull) => shapeOf(pull, state)),
          query,
        ),
      };
    },
    'POST /repos/acme/shop/pulls': (_parts, { body }) => {
      const { head, base, title, body: text } = body as Record<string, string>;
      if (!state.branches.has(head ?? '')) return invalid('PullRequest', { message: 'head is invalid' });
      if (openOnes(state).some((pull) => pull.head === head && pull.base === base && !pull.isOfFork))
        return invalid('PullRequest', { message: `A pull request already exists for acme:${head}.` });
      const pull = addPull(state, {
        head: head ?? '',
        base: base ?? '',
        title: title ?? '',
        body: text ?? '',
      });
      return { status: 201, body: shapeOf(pull, state) };
    },
    'GET /repos/acme/shop/pulls/:number': ([number]) => {
      const pull = find(state, number);
      return pull === undefined ? notFound : { status: 200, body: shapeOf(pull, state) };
    },
    'PATCH /repos/acme/shop/pulls/:number': ([number], { body }) => {
      const pull = find(state, number);
      if (pull === undefined) return notFound;
      const { title = pull.title, body: text = pull.body, state: wanted } = body as Record<string, string>;
      if (wanted === 'closed' && pull.state === 'merged')
        return invalid('PullRequest', {
          message: 'state cannot be changed. The pull request has been merged.',
        });
      Object.assign(pull, { title, body: text, ...(wanted === 'closed' ? { state: wanted } : {}) });
      return { status: 200, body: shapeOf(pull, state) };
    },
    'PUT /repos/acme/shop/pulls/:number/merge': ([number], { body }) => {
      const pull = find(state, number);
      if (pull === undefined) return notFound;
      if (body['sha'] !== state.branches.get(pull.head))
        return {
          status: 409,
          body: { message: 'Head branch was modified. Review and try the merge again.' },
        };
      pull.state = 'merged';
      return { status: 200, body: { sha: 'c'.repeat(40), merged: true, message: 'merged' } };
    },
    'GET /repos/acme/shop/pulls/:number/reviews': ([number]) => ({
      status: 200,
      body: find(state, number)?.reviews.map((login, id) => ({ id, user: { login }, state: 'COMMENTED' })),
    }),
    'POST /repos/acme/shop/pulls/:number/requested_reviewers': ([number], { body }) => {
      const pull = find(state, number);
      if (pull === undefined) return notFound;
      const { reviewers = [], team_reviewers: teams = [] } = body as Record<string, readonly string[]>;
      const asked = [...reviewers, ...teams.map((team) => `acme/${team}`)];
      const known = asked.every((each) => state.users.has(each) || state.teams.has(each));
      if (!known)
        return { status: 422, body: { message: 'Reviews may only be requested from collaborators.' } };
      pull.reviewers.push(...asked);
      return { status: 201, body: shapeOf(pull, state) };
    },
    'GET /repos/acme/shop/labels/:name': ([name = '']) =>
      state.labels.has(name) ? { status: 200, body: { name, color: 'ededed' } } : notFound,
    'POST /repos/acme/shop/labels': (_parts, { body }) => {
      const name = String(body['name']);
      if (!state.mayCreateLabels) return denied;
      if (state.labels.has(name)) return invalid('Label', { field: 'name' });
      state.labels.add(name);
      return { status: 201, body: { name, color: 'ededed' } };
    },
    'POST /repos/acme/shop/issues/:number/labels': ([number], { body }) => {
      const pull = find(state, number);
      if (pull === undefined) return notFound;
      pull.labels.push(...(body['labels'] as readonly string[]));
      return { status: 200, body: pull.labels.map((name) => ({ name })) };
    },
    'GET /repos/acme/shop/issues/:number/comments': ([number], { query }) => {
      const comments = find(state, number)?.comments ?? [];
      return {
        status: 200,
        body: pageOf(
          comments.map((body, id) => ({ id, body, user: null })),
          query,
        ),
      };
    },
    'POST /repos/acme/shop/issues/:number/comments': ([number], { body }) => {
      find(state, number)?.comments.push(String(body['body']));
      return { status: 201, body: { id: 1, body: body['body'] } };
    },
    ...gitRoutes(state),
    'DELETE /repos/acme/shop/git/refs/:ref': ([ref = '']) =>
      state.branches.delete(ref.replace(/^heads\//, ''))
        ? { status: 204 }
        : { status: 422, body: { message: 'Reference does not exist' } },
    'POST /graphql': (_parts, { body }) => {
      const { input } = body['variables'] as { readonly input: { readonly pullRequestId: string } };
      const pull = find(state, input.pullRequestId.replace('PR_', ''));
      const why = {
        clean: 'Pull request Pull request is in clean status',
        forbidden: 'Auto merge is not allowed for this repository',
        awaited: undefined,
      }[state.merging];
      if (why !== undefined)
        return {
          status: 200,
          body: {
            data: { enablePullRequestAutoMerge: null },
            errors: [{ type: 'UNPROCESSABLE', message: why }],
          },
        };
      if (pull !== undefined) pull.autoMerge = true;
      return { status: 200, body: { data: { enablePullRequestAutoMerge: { clientMutationId: null } } } };
    },
  }));
}

/** The Git database. Of a tree only what is asked for is looked at: it makes what the test expects, tree `2…`. */
function gitRoutes({ branches }: FakeState): Routes {
  const parents = new Map<string, string>();
  const shape = (ref: string, sha: string) => ({ ref, node_id: 'REF', object: { type: 'commit', sha } });
  return {
    'GET /repos/acme/shop/git/ref/:ref': ([ref = '']) => {
      const sha = branches.get(ref.replace(/^heads\//, ''));
      return sha === undefined ? notFound : { status: 200, body: shape(`refs/${ref}`, sha) };
    },
    'POST /repos/acme/shop/git/trees': () => ({
      status: 201,
      body: { sha: '2'.repeat(40), truncated: false },
    }),
    'POST /repos/acme/shop/git/commits': (_parts, { body }) => {
      const sha = `${'e'.repeat(39)}${parents.size + 1}`;
      parents.set(sha, (body['parents'] as readonly string[])[0] ?? '');
      return { status: 201, body: { sha, message: body['message'], verification: { verified: true } } };
    },
    'POST /repos/acme/shop/git/refs': (_parts, { body }) => {
      const [ref, sha] = [String(body['ref']), String(body['sha'])];
      const branch = ref.replace(/^refs\/heads\//, '');
      if (branches.has(branch)) return { status: 422, body: { message: 'Reference already exists' } };
      branches.set(branch, sha);
      return { status: 201, body: shape(ref, sha) };
    },
    'PATCH /repos/acme/shop/git/refs/:ref': ([ref = ''], { body }) => {
      const branch = ref.replace(/^heads\//, '');
      const before = branches.get(branch);
      const sha = String(body['sha']);
      if (before === undefined) return { status: 422, body: { message: 'Reference does not exist' } };
      if (body['force'] !== true && parents.get(sha) !== before)
        return { status: 422, body: { message: 'Update is not a fast forward' } };
      branches.set(branch, sha);
      return { status: 200, body: shape(`refs/${ref}`, sha) };
    },
  };
}

function openOnes({ pulls }: FakeState): readonly FakePull[] {
  return pulls.filter(({ state }) => state === 'open');
}

function find({ pulls }: FakeState, number: string | undefined): FakePull | undefined {
  return pulls.find((pull) => pull.number === Number(number));
}

function shapeOf(pull: FakePull, { branches }: FakeState) {
  const { number, title, body, state, autoMerge, isOfFork } = pull;
  const owner = isOfFork ? 'eve' : 'acme';
  const teams = pull.reviewers.filter((each) => each.includes('/'));
  return {
    ...{ id: 1000 + number, node_id: `PR_${number}`, number, title, body, locked: false, draft: false },
    url: `https://api.forge.example/repos/acme/shop/pulls/${number}`,
    html_url: `https://forge.example/acme/shop/pull/${number}`,
    state: state === 'open' ? 'open' : 'closed',
    merged_at: state === 'merged' ? '2026-01-02T03:04:05Z' : null,
    auto_merge: autoMerge ? { merge_method: 'merge' } : null,
    head: {
      ...{ label: `${owner}:${pull.head}`, ref: pull.head, sha: branches.get(pull.head) ?? 'b'.repeat(40) },
      repo: { id: isOfFork ? 2 : 1, full_name: `${owner}/shop` },
    },
    base: {
      ...{ label: `acme:${pull.base}`, ref: pull.base, sha: 'a'.repeat(40) },
      repo: { id: 1, full_name: 'acme/shop', allow_merge_commit: true, allow_squash_merge: true },
    },
    labels: pull.labels.map((name, id) => ({ id, name, color: 'ededed' })),
    requested_reviewers: pull.reviewers.filter((each) => !each.includes('/')).map((login) => ({ login })),
    requested_teams: teams.map((team) => ({ slug: team.replace(/^.*\//, '') })),
  };
}
