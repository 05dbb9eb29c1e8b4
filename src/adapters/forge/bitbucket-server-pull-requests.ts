import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import { orRemark, type Asked, type Told } from './ask';
import {
  checked,
  listed,
  look,
  openRepository,
  read,
  type ServerPull,
  type Repository,
} from './bitbucket-server-api';
import { cut } from './call';
import type { PullRequests } from './pull-requests';

const longestTitle = 255;
/** How often a change is made anew when somebody else's came first. */
const attempts = 4;

/** Pull requests of Bitbucket Data Center and Server (`/projects/{key}/repos/{slug}/pull-requests`). It has no labels. */
export const bitbucketServerPullRequests: PullRequests = {
  async open(place, ask, access) {
    const repository = openRepository(place, access);
    const before = await findOpen(repository, ask);
    const pull =
      before === undefined ? await create(repository, ask) : await refresh(repository, before, ask);
    const { labels } = ask;
    const remarks = [
      ...(await addReviewers(repository, pull, ask.reviewers)),
      ...(labels.length > 0 ? [`labels ${labels.join(', ')} could not be set: Bitbucket has none`] : []),
    ];
    if (!ask.autoMerge) return { ...read(pull), remarks };
    const now = await look(repository, pull.id);
    const unmerged = await orRemark('auto-merge could not be enabled', () => autoMerge(repository, now));
    return { ...read(await look(repository, pull.id)), remarks: [...remarks, ...unmerged] };
  },
  async look(place, number, access) {
    return read(await look(openRepository(place, access), number));
  },
  async close(place, number, comment, access) {
    return close(openRepository(place, access), number, comment);
  },
};

/** A fork may have a branch of the same name. */
async function findOpen(
  repository: Repository,
  { head, base }: PullRequestAsk,
): Promise<ServerPull | undefined> {
  const [from, to] = [`refs/heads/${head}`, `refs/heads/${base}`];
  const path = `${repository.root}/pull-requests?state=OPEN&direction=OUTGOING&at=${encodeURIComponent(from)}&`;
  for await (const pull of listed<ServerPull>(repository, path))
    if (pull.fromRef?.id === from && pull.toRef?.id === to && isOwn(pull)) return checked(repository, pull);
  return undefined;
}

function isOwn({ fromRef, toRef }: ServerPull): boolean {
  return fromRef?.repository?.id === toRef?.repository?.id;
}

/** 409: somebody, perhaps an earlier attempt of ours, was quicker. */
async function create(repository: Repository, ask: PullRequestAsk): Promise<ServerPull> {
  const { project, slug } = repository.at;
  const place = { slug, project: { key: project } };
  const request: Asked = {
    method: 'POST',
    path: `${repository.root}/pull-requests`,
    body: {
      title: cut(ask.title, longestTitle),
      description: ask.body,
      fromRef: { id: `refs/heads/${ask.head}`, repository: place },
      toRef: { id: `refs/heads/${ask.base}`, repository: place },
    },
    to: 'open pull requests',
  };
  const told = await repository.ask({ ...request, fine: [409] });
  if (told.status !== 409) return checked(repository, told.body);
  const found = await findOpen(repository, ask);
  if (found !== undefined) return refresh(repository, found, ask);
  return checked(repository, (await repository.ask(request)).body);
}

/** Reviewers that a change leaves out are removed by Bitbucket. */
async function refresh(repository: Repository, pull: ServerPull, ask: PullRequestAsk): Promise<ServerPull> {
  const title = cut(ask.title, longestTitle);
  if (pull.title === title && pull.description === ask.body) return pull;
  const told = await changed(repository, pull.id, ({ id, version, reviewers = [] }) => ({
    method: 'PUT',
    path: `${repository.root}/pull-requests/${id}`,
    body: {
      version,
      title,
      description: ask.body,
      reviewers: reviewers.map(({ user }) => ({ user: { name: user.name } })),
    },
    to: 'change pull requests',
  }));
  return told === undefined ? look(repository, pull.id) : checked(repository, told.body);
}

/** Changes one that is open, from its latest version; undefined where it is not open any more. */
async function changed(
  repository: Repository,
  number: number,
  request: (pull: ServerPull) => Asked,
): Promise<Told | undefined> {
  for (let attempt = 1; ; attempt++) {
    const pull = await look(repository, number);
    if (pull.state !== 'OPEN') return undefined;
    const told = await repository.ask({ ...request(pull), fine: attempt < attempts ? [409] : [] });
    if (told.status !== 409) return told;
  }
}

/** By the name of the account. */
async function addReviewers(
  { ask, root }: Repository,
  { id, reviewers = [] }: ServerPull,
  names: readonly string[],
): Promise<readonly string[]> {
  const remarks: string[] = [];
  for (const name of names) {
    if (reviewers.some(({ user }) => user.name === name || user.slug === name)) continue;
    const path = `${root}/pull-requests/${id}/participants`;
    const body = { user: { name }, role: 'REVIEWER' };
    const failed = `reviewer ${name} could not be asked`;
    const add = (): Promise<Told> => ask({ method: 'POST', path, body, to: 'ask for reviews' });
    remarks.push(...(await orRemark(failed, add)));
  }
  return remarks;
}

/**
 * Merges it once its checks pass (from 8.15 on); an older server merges it now or says by 409 what is in the way. 404: nobody has asked
 * for it yet, or the server knows no such thing.
 */
async function autoMerge({ ask, root }: Repository, { id, version }: ServerPull): Promise<void> {
  const path = `${root}/pull-requests/${id}`;
  const before = {
    method: 'GET',
    path: `${path}/auto-merge`,
    to: 'read pull requests',
    fine: [404],
  } as const;
  if ((await ask(before)).status !== 404) return;
  const body = { version, autoMerge: true };
  await ask({ method: 'POST', path: `${path}/merge?version=${version}`, body, to: 'merge pull requests' });
}

/** As with the other forges: the comment, then the end, then the branch, each of which an earlier attempt may have left. */
async function close(repository: Repository, number: number, comment: string): Promise<PullRequest> {
  const { ask, root } = repository;
  const path = `${root}/pull-requests/${number}`;
  const before = await look(repository, number);
  if (before.state === 'MERGED') return read(before);
  const isSaid = await hasComment(repository, before, comment);
  if (before.state !== 'OPEN' && !isSaid) return read(before);
  const to = 'comment on pull requests';
  const commented = isSaid
    ? []
    : await orRemark('the comment could not be made', () =>
        ask({ method: 'POST', path: `${path}/comments`, body: { text: comment }, to }),
      );
  await changed(repository, number, ({ version }) => ({
    method: 'POST',
    path: `${path}/decline?version=${version}`,
    body: { version },
    to: 'decline pull requests',
  }));
  const pull = await look(repository, number);
  const branch = pull.fromRef?.id;
  if (pull.state === 'MERGED' || branch === undefined || !isOwn(pull)) return read(pull);
  const name = branch.replace(/^refs\/heads\//, '');
  const kept = await orRemark(`branch ${name} could not be deleted`, () =>
    repository.askBranches({
      method: 'DELETE',
      path: `${root}/branches`,
      body: { name: branch },
      to: 'delete branches',
    }),
  );
  return { ...read(pull), remarks: [...commented, ...kept] };
}

async function hasComment(repository: Repository, { id }: ServerPull, comment: string): Promise<boolean> {
  const path = `${repository.root}/pull-requests/${id}/activities?`;
  for await (const each of listed<{ readonly comment?: { readonly text?: string } }>(repository, path))
    if (each.comment?.text === comment) return true;
  return false;
}
