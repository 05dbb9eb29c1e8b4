import {
  addPull,
  pageOf,
  startFakeForge,
  type FakeForge,
  type FakePull,
  type FakeState,
  type Reply,
} from './fake-forge';

const notFound: Reply = { status: 404, body: { message: '404 Not found' } };
const project = '/projects/acme%2Fshop';

/** GitLab's REST API as far as merge requests need it, in the shapes of its documentation. */
export function startFakeGitlab(): Promise<FakeForge> {
  /** How often a merge request was looked at: GitLab finds out in the background whether it can be merged. */
  const looks = new Map<number, number>();
  return startFakeForge((state) => {
    const find = (number: string | undefined) => state.pulls.find((pull) => pull.number === Number(number));
    const shape = (pull: FakePull) => shapeOf(pull, state, looks.get(pull.number) ?? 0);
    return {
      [`GET ${project}/merge_requests`]: (_parts, { query }) => {
        const fits = state.pulls.filter(
          (pull) =>
            (query.get('state') !== 'opened' || pull.state === 'open') &&
            (query.get('source_branch') ?? pull.head) === pull.head &&
            (query.get('target_branch') ?? pull.base) === pull.base,
        );
        return { status: 200, body: pageOf(fits.map(shape), query, 20) };
      },
      [`POST ${project}/merge_requests`]: (_parts, { body }) => {
        const {
          source_branch: head = '',
          target_branch: base = '',
          ...more
        } = body as Record<string, string>;
        const other = state.pulls.find(
          (pull) => pull.state === 'open' && pull.head === head && pull.base === base && !pull.isOfFork,
        );
        if (other !== undefined) {
          const message = `Another open merge request already exists for this source branch: !${other.number}`;
          return { status: 409, body: { message: [message] } };
        }
        const { title = '', description = '' } = more;
        return { status: 201, body: shape(addPull(state, { head, base, title, body: description })) };
      },
      [`GET ${project}/merge_requests/:iid`]: ([number]) => {
        const pull = find(number);
        if (pull === undefined) return notFound;
        looks.set(pull.number, (looks.get(pull.number) ?? 0) + 1);
        return { status: 200, body: shape(pull) };
      },
      [`PUT ${project}/merge_requests/:iid`]: ([number], { body }) => {
        const pull = find(number);
        if (pull === undefined) return notFound;
        const { title = pull.title, description = pull.body, ...more } = body as Record<string, string>;
        Object.assign(pull, { title, body: description });
        if (body['state_event'] === 'close' && pull.state === 'open') pull.state = 'closed';
        for (const label of (more['add_labels'] ?? '').split(','))
          if (label !== '' && (state.mayCreateLabels || state.labels.has(label))) pull.labels.push(label);
        const ids = body['reviewer_ids'] as readonly number[] | undefined;
        if (ids !== undefined) {
          const users = [...state.users];
          pull.reviewers.splice(0, Infinity, ...ids.flatMap((id) => users[id] ?? []));
        }
        return { status: 200, body: shape(pull) };
      },
      [`PUT ${project}/merge_requests/:iid/merge`]: ([number], { body }) => {
        const pull = find(number);
        if (pull === undefined) return notFound;
        if (body['sha'] !== state.branches.get(pull.head))
          return { status: 409, body: { message: 'SHA does not match HEAD of source branch' } };
        if (state.merging === 'forbidden' || (looks.get(pull.number) ?? 0) < 2)
          return { status: 405, body: { message: '405 Method Not Allowed' } };
        if (state.merging === 'clean') pull.state = 'merged';
        else pull.autoMerge = true;
        return { status: 200, body: shape(pull) };
      },
      [`GET ${project}/merge_requests/:iid/notes`]: ([number], { query }) => {
        const notes = (find(number)?.comments ?? []).map((body, id) => ({ id, body, system: false }));
        return { status: 200, body: pageOf(notes, query, 20) };
      },
      [`POST ${project}/merge_requests/:iid/notes`]: ([number], { body }) => {
        find(number)?.comments.push(String(body['body']));
        return { status: 201, body: { id: 1, body: body['body'] } };
      },
      [`DELETE ${project}/repository/branches/:branch`]: ([branch = '']) =>
        state.branches.delete(branch)
          ? { status: 204 }
          : { status: 404, body: { message: '404 Branch Not Found' } },
      'GET /users': (_parts, { query }) => ({
        status: 200,
        body: [...state.users].flatMap((username, id) =>
          username === query.get('username') ? [{ id, username, state: 'active' }] : [],
        ),
      }),
    };
  });
}

function shapeOf(pull: FakePull, { branches, users }: FakeState, looks: number) {
  const { number, title, body, state, autoMerge, isOfFork } = pull;
  return {
    ...{ id: 1000 + number, iid: number, project_id: 1, title, description: body, draft: false },
    state: state === 'open' ? 'opened' : state,
    web_url: `https://forge.example/acme/shop/-/merge_requests/${number}`,
    ...{ source_branch: pull.head, target_branch: pull.base },
    ...{ source_project_id: isOfFork ? 2 : 1, target_project_id: 1 },
    sha: branches.get(pull.head) ?? 'b'.repeat(40),
    labels: [...pull.labels],
    reviewers: pull.reviewers.map((username) => ({ id: [...users].indexOf(username), username })),
    merge_when_pipeline_succeeds: autoMerge,
    detailed_merge_status: looks < 2 ? 'checking' : 'mergeable',
  };
}
