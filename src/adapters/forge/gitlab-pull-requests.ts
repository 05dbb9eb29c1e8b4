import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import { asking, incomplete, orRemark } from './ask';
import { cut } from './call';
import type { Place } from './choose';
import type { GitlabProject, MergeRequest } from './gitlab-api';
import { extrasOfGitlab } from './gitlab-extras';
import type { Access, PullRequests } from './pull-requests';

const pageSize = 100;
const longestTitle = 255;

/** Merge requests of GitLab (`/projects/{path}/merge_requests`); a pull request's number is their `iid`. */
export const gitlabPullRequests: PullRequests = {
  async open(place, ask, access) {
    const project = projectOf(place, access);
    const before = await findOpen(project, ask);
    const opened = before === undefined ? await create(project, ask) : await refresh(project, before, ask);
    const { remarks, request } = await extrasOfGitlab(project, opened, ask);
    return { ...read(request), remarks };
  },
  async look(place, number, access) {
    return read(await look(projectOf(place, access), number));
  },
  async close(place, number, comment, access) {
    return close(projectOf(place, access), number, comment);
  },
};

function projectOf(place: Place, access: Access): GitlabProject {
  const ask = asking(place, access, `Bearer ${access.token}`);
  return { place, ask, root: `/projects/${encodeURIComponent(place.path)}`, signal: access.signal };
}

/** `locked` is one that is being merged just now. */
function read({ iid, web_url: url, state }: MergeRequest): PullRequest {
  const isEnded = state === 'merged' || state === 'closed';
  return { kind: 'pull-request', number: iid, url, state: isEnded ? state : 'open', remarks: [] };
}

function checked({ place }: GitlabProject, body: unknown): MergeRequest {
  const request = body as Partial<MergeRequest> | null | undefined;
  if (typeof request?.iid === 'number' && typeof request.web_url === 'string' && request.state !== undefined)
    return request as MergeRequest;
  throw incomplete(place, 'the number, address and state of the merge request');
}

async function look(project: GitlabProject, number: number): Promise<MergeRequest> {
  const path = `${project.root}/merge_requests/${number}`;
  const { body } = await project.ask({ method: 'GET', path, to: 'read merge requests' });
  return checked(project, body);
}

/** A fork may have a branch of the same name. */
async function findOpen(
  { ask, root }: GitlabProject,
  { head, base }: PullRequestAsk,
): Promise<MergeRequest | undefined> {
  const query = new URLSearchParams({ state: 'opened', source_branch: head, target_branch: base });
  const path = `${root}/merge_requests?${query.toString()}&per_page=${pageSize}`;
  const { body } = await ask({ method: 'GET', path, to: 'read merge requests' });
  const requests = Array.isArray(body) ? (body as readonly MergeRequest[]) : [];
  return requests.find(
    (each) =>
      each.source_branch === head &&
      each.target_branch === base &&
      !isOfFork(each) &&
      each.state === 'opened',
  );
}

/** 409: somebody, perhaps an earlier attempt of ours, was quicker. */
async function create(project: GitlabProject, ask: PullRequestAsk): Promise<MergeRequest> {
  const { head, base, body, title } = ask;
  const request = {
    method: 'POST',
    path: `${project.root}/merge_requests`,
    body: {
      ...{ source_branch: head, target_branch: base, description: body, title: cut(title, longestTitle) },
      remove_source_branch: true,
    },
    to: 'open merge requests',
  } as const;
  const told = await project.ask({ ...request, fine: [409] });
  if (told.status !== 409) return checked(project, told.body);
  const found = await findOpen(project, ask);
  if (found !== undefined) return refresh(project, found, ask);
  return checked(project, (await project.ask(request)).body);
}

/** Brings title and description up to date; where they are, nobody gets a message. */
async function refresh(
  project: GitlabProject,
  request: MergeRequest,
  ask: PullRequestAsk,
): Promise<MergeRequest> {
  const title = cut(ask.title, longestTitle);
  if (request.title === title && (request.description ?? '') === ask.body) return request;
  const { body } = await project.ask({
    method: 'PUT',
    path: `${project.root}/merge_requests/${request.iid}`,
    body: { title, description: ask.body },
    to: 'change merge requests',
  });
  return checked(project, body);
}

/**
 * The comment first, so that nobody finds it closed without a reason; a comment of the same words is not made twice. One that is closed
 * already with our comment was closed by an earlier attempt, which may not have come to the branch.
 */
async function close(project: GitlabProject, number: number, comment: string): Promise<PullRequest> {
  const { ask, root } = project;
  const path = `${root}/merge_requests/${number}`;
  const request = await look(project, number);
  if (request.state === 'merged') return read(request);
  const isSaid = await hasComment(project, number, comment);
  if (request.state === 'closed' && !isSaid) return read(request);
  const commented = isSaid
    ? []
    : await orRemark('the comment could not be made', () =>
        ask({
          method: 'POST',
          path: `${path}/notes`,
          body: { body: comment },
          to: 'comment on merge requests',
        }),
      );
  if (request.state !== 'closed') {
    const edit = { method: 'PUT', path, body: { state_event: 'close' }, to: 'close merge requests' } as const;
    await ask(edit);
    // It may have been merged in the meantime, which GitLab does not call an error.
    const after = await look(project, number);
    if (after.state !== 'closed') return { ...read(after), remarks: commented };
  }
  const kept = await deleteBranch(project, request);
  return { ...read({ ...request, state: 'closed' }), remarks: [...commented, ...kept] };
}

async function hasComment({ ask, root }: GitlabProject, number: number, comment: string): Promise<boolean> {
  for (let page = 1; ; page++) {
    const path = `${root}/merge_requests/${number}/notes?per_page=${pageSize}&page=${page}`;
    const { body } = await ask({ method: 'GET', path, to: 'read comments' });
    const notes = Array.isArray(body) ? (body as readonly { readonly body?: string }[]) : [];
    if (notes.some((each) => each.body === comment)) return true;
    if (notes.length < pageSize) return false;
  }
}

/** Never a branch of a fork. */
async function deleteBranch({ ask, root }: GitlabProject, request: MergeRequest): Promise<readonly string[]> {
  const { source_branch: head } = request;
  if (isOfFork(request)) return [];
  const path = `${root}/repository/branches/${encodeURIComponent(head)}`;
  return orRemark(`branch ${head} could not be deleted`, () =>
    ask({ method: 'DELETE', path, to: 'delete branches', fine: [404] }),
  );
}

function isOfFork({ source_project_id: from, target_project_id: to }: MergeRequest): boolean {
  return from !== to;
}
