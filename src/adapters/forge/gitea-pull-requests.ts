import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import { asking, incomplete, orRemark } from './ask';
import { cut, segments } from './call';
import type { Place } from './choose';
import type { GiteaPull, GiteaRepository } from './gitea-api';
import { extrasOfGitea } from './gitea-extras';
import type { Access, PullRequests } from './pull-requests';

const pageSize = 50;
const longestTitle = 255;

/** Pull requests of Gitea and Forgejo (`/repos/{owner}/{repo}/pulls`). */
export const giteaPullRequests: PullRequests = {
  async open(place, ask, access) {
    const repository = open(place, access);
    const before = await findOpen(repository, ask);
    const pull =
      before === undefined ? await create(repository, ask) : await refresh(repository, before, ask);
    const isNew = before === undefined;
    const remarks = await extrasOfGitea(repository, { pull, isNew }, ask);
    // What nothing stands in the way of is merged at once.
    const after = ask.autoMerge ? await look(repository, pull.number) : pull;
    return { ...read(after), remarks };
  },
  async look(place, number, access) {
    return read(await look(open(place, access), number));
  },
  async close(place, number, comment, access) {
    return close(open(place, access), number, comment);
  },
};

function open(place: Place, access: Access): GiteaRepository {
  const ask = asking(place, access, `token ${access.token}`);
  return { place, ask, root: `/repos/${segments(place.path)}` };
}

function read({ number, html_url: url, state, merged = false }: GiteaPull): PullRequest {
  return { kind: 'pull-request', number, url, state: merged ? 'merged' : state, remarks: [] };
}

function checked({ place }: GiteaRepository, body: unknown): GiteaPull {
  const pull = body as Partial<GiteaPull> | null | undefined;
  if (typeof pull?.number === 'number' && typeof pull.html_url === 'string' && pull.state !== undefined)
    return pull as GiteaPull;
  throw incomplete(place, 'the number, address and state of the pull request');
}

async function look(repository: GiteaRepository, number: number): Promise<GiteaPull> {
  const { ask, root } = repository;
  const told = await ask({ method: 'GET', path: `${root}/pulls/${number}`, to: 'read pull requests' });
  return checked(repository, told.body);
}

/**
 * Pages through the open ones, newest first. The API's own look-up by base and head (`/pulls/{base}/{head}`) gives any of them, also
 * closed ones. A fork may have a branch of the same name.
 */
async function findOpen(
  { ask, root }: GiteaRepository,
  { head, base }: PullRequestAsk,
): Promise<GiteaPull | undefined> {
  for (let page = 1, seen = 0; ; page++) {
    const path = `${root}/pulls?state=open&limit=${pageSize}&page=${page}`;
    const { body, headers } = await ask({ method: 'GET', path, to: 'read pull requests' });
    const pulls = Array.isArray(body) ? (body as readonly GiteaPull[]) : [];
    const found = pulls.find(
      (pull) => pull.head?.ref === head && pull.base?.ref === base && pull.head.repo_id === pull.base.repo_id,
    );
    seen += pulls.length;
    if (found !== undefined || pulls.length === 0 || seen >= Number(headers['x-total-count'] ?? Infinity))
      return found;
  }
}

/** 409: somebody, perhaps an earlier attempt of ours, was quicker. */
async function create(repository: GiteaRepository, ask: PullRequestAsk): Promise<GiteaPull> {
  const { head, base, body, title } = ask;
  const request = {
    method: 'POST',
    path: `${repository.root}/pulls`,
    body: { head, base, body, title: cut(title, longestTitle) },
    to: 'open pull requests',
  } as const;
  const told = await repository.ask({ ...request, fine: [409] });
  if (told.status !== 409) return checked(repository, told.body);
  const found = await findOpen(repository, ask);
  if (found !== undefined) return refresh(repository, found, ask);
  return checked(repository, (await repository.ask(request)).body);
}

/** Brings title and body up to date; where they are, nobody gets a message. */
async function refresh(
  repository: GiteaRepository,
  pull: GiteaPull,
  ask: PullRequestAsk,
): Promise<GiteaPull> {
  const title = cut(ask.title, longestTitle);
  if (pull.title === title && pull.body === ask.body) return pull;
  const told = await repository.ask({
    method: 'PATCH',
    path: `${repository.root}/pulls/${pull.number}`,
    body: { title, body: ask.body },
    to: 'change pull requests',
  });
  return checked(repository, told.body);
}

/**
 * The comment first, so that nobody finds it closed without a reason; a comment of the same words is not made twice. One that is closed
 * already with our comment was closed by an earlier attempt, which may not have come to the branch.
 */
async function close(repository: GiteaRepository, number: number, comment: string): Promise<PullRequest> {
  const { ask, root } = repository;
  const pull = await look(repository, number);
  if (pull.merged === true) return read(pull);
  const isSaid = await hasComment(repository, number, comment);
  if (pull.state === 'closed' && !isSaid) return read(pull);
  const to = 'comment on pull requests';
  const path = `${root}/issues/${number}/comments`;
  const commented = isSaid
    ? []
    : await orRemark('the comment could not be made', () =>
        ask({ method: 'POST', path, body: { body: comment }, to }),
      );
  if (pull.state === 'open') {
    const edit = { method: 'PATCH', path: `${root}/pulls/${number}`, body: { state: 'closed' } } as const;
    // 412: it was merged in the meantime.
    if ((await ask({ ...edit, to: 'close pull requests', fine: [412] })).status === 412)
      return read(await look(repository, number));
  }
  const kept = await deleteBranch(repository, pull);
  return { ...read(pull), state: 'closed', remarks: [...commented, ...kept] };
}

/** Gitea gives all comments in one answer. */
async function hasComment({ ask, root }: GiteaRepository, number: number, comment: string): Promise<boolean> {
  const path = `${root}/issues/${number}/comments`;
  const { body } = await ask({ method: 'GET', path, to: 'read comments' });
  const comments = Array.isArray(body) ? (body as readonly { readonly body?: string }[]) : [];
  return comments.some((each) => each.body === comment);
}

/** Never a branch of a fork. Of a branch that is gone Gitea tells `refs/pull/{number}/head` instead. */
async function deleteBranch({ ask, root }: GiteaRepository, pull: GiteaPull): Promise<readonly string[]> {
  const { head, base } = pull;
  if (head === undefined || head.repo_id !== base?.repo_id || head.ref.startsWith('refs/')) return [];
  const path = `${root}/branches/${segments(head.ref)}`;
  return orRemark(`branch ${head.ref} could not be deleted`, () =>
    ask({ method: 'DELETE', path, to: 'delete branches', fine: [404] }),
  );
}
