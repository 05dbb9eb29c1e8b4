import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import { orRemark } from './ask';
import {
  checked,
  listed,
  look,
  openRepository,
  read,
  type CloudPull,
  type Repository,
  type Reviewer,
} from './bitbucket-cloud-api';
import { cut, segments } from './call';
import type { PullRequests } from './pull-requests';

const longestTitle = 255;

/** Pull requests of Bitbucket Cloud (`/repositories/{workspace}/{repo}/pullrequests`). It has no labels, and merges nothing by itself. */
export const bitbucketCloudPullRequests: PullRequests = {
  async open(place, ask, access) {
    const repository = openRepository(place, access);
    const before = await findOpen(repository, ask);
    const pull =
      before === undefined ? await create(repository, ask) : await refresh(repository, before, ask);
    const remarks = await addReviewers(repository, pull, ask);
    return { ...read(pull), remarks: [...remarks, ...lacking(ask)] };
  },
  async look(place, number, access) {
    return read(await look(openRepository(place, access), number));
  },
  async close(place, number, comment, access) {
    return close(openRepository(place, access), number, comment);
  },
};

/** What a list tells of one is short: it is looked at again, for its reviewers. A fork may have a branch of the same name. */
async function findOpen(
  repository: Repository,
  { head, base }: PullRequestAsk,
): Promise<CloudPull | undefined> {
  const text = (name: string): string => `"${name.replaceAll('"', String.raw`\"`)}"`;
  const query = `source.branch.name = ${text(head)} AND destination.branch.name = ${text(base)}`;
  const path = `${repository.root}/pullrequests?state=OPEN&pagelen=50&q=${encodeURIComponent(query)}`;
  for await (const pull of listed<CloudPull>(repository, path)) {
    const { source, destination } = pull;
    if (source?.branch?.name === head && destination?.branch?.name === base && isOwn(pull))
      return look(repository, pull.id);
  }
  return undefined;
}

function isOwn({ source, destination }: CloudPull): boolean {
  return source?.repository?.full_name === destination?.repository?.full_name;
}

/** Where there is one already, made in the meantime, Bitbucket brings that up to date instead. */
async function create(repository: Repository, ask: PullRequestAsk): Promise<CloudPull> {
  const told = await repository.ask({
    method: 'POST',
    path: `${repository.root}/pullrequests`,
    body: {
      title: cut(ask.title, longestTitle),
      description: ask.body,
      source: { branch: { name: ask.head } },
      destination: { branch: { name: ask.base } },
      close_source_branch: true,
    },
    to: 'open pull requests',
  });
  return checked(repository, told.body);
}

async function refresh(repository: Repository, pull: CloudPull, ask: PullRequestAsk): Promise<CloudPull> {
  if (pull.title === cut(ask.title, longestTitle) && pull.description === ask.body) return pull;
  return change(repository, pull, { ask, reviewers: pull.reviewers ?? [] });
}

/** What a change leaves out, Bitbucket clears. */
async function change(
  repository: Repository,
  { id }: CloudPull,
  { ask, reviewers }: { readonly ask: PullRequestAsk; readonly reviewers: readonly Reviewer[] },
): Promise<CloudPull> {
  const told = await repository.ask({
    method: 'PUT',
    path: `${repository.root}/pullrequests/${id}`,
    body: {
      title: cut(ask.title, longestTitle),
      description: ask.body,
      reviewers: reviewers.map(({ uuid, account_id }) => (uuid === undefined ? { account_id } : { uuid })),
    },
    to: 'change pull requests',
  });
  return checked(repository, told.body);
}

/** By `{uuid}` or account id, one after the other: one unknown account would refuse them all. */
async function addReviewers(
  repository: Repository,
  pull: CloudPull,
  ask: PullRequestAsk,
): Promise<readonly string[]> {
  let { reviewers = [] } = pull;
  const remarks: string[] = [];
  for (const name of ask.reviewers) {
    if (reviewers.some(({ uuid, account_id }) => uuid === name || account_id === name)) continue;
    const wanted = name.startsWith('{') ? { uuid: name } : { account_id: name };
    const add = async (): Promise<void> => {
      const changed = await change(repository, pull, { ask, reviewers: [...reviewers, wanted] });
      reviewers = changed.reviewers ?? [...reviewers, wanted];
    };
    remarks.push(...(await orRemark(`reviewer ${name} could not be asked`, add)));
  }
  return remarks;
}

function lacking({ labels, autoMerge }: PullRequestAsk): readonly string[] {
  return [
    ...(labels.length > 0 ? [`labels ${labels.join(', ')} could not be set: Bitbucket has none`] : []),
    ...(autoMerge ? ['auto-merge could not be enabled: Bitbucket Cloud has none in its API'] : []),
  ];
}

/** As with the other forges: the comment, then the end, then the branch, each of which an earlier attempt may have left. */
async function close(repository: Repository, number: number, comment: string): Promise<PullRequest> {
  const { ask, root } = repository;
  const path = `${root}/pullrequests/${number}`;
  const pull = await look(repository, number);
  if (pull.state === 'MERGED') return read(pull);
  const isSaid = await hasComment(repository, number, comment);
  if (pull.state !== 'OPEN' && !isSaid) return read(pull);
  const body = { content: { raw: comment } };
  const to = 'comment on pull requests';
  const commented = isSaid
    ? []
    : await orRemark('the comment could not be made', () =>
        ask({ method: 'POST', path: `${path}/comments`, body, to }),
      );
  const decline = { method: 'POST', path: `${path}/decline`, to: 'decline pull requests' } as const;
  if (pull.state === 'OPEN' && (await ask({ ...decline, fine: [400, 409] })).status >= 400) {
    const now = await look(repository, number);
    if (now.state === 'MERGED') return read(now);
    if (now.state === 'OPEN') await ask(decline);
  }
  const branch = isOwn(pull) ? pull.source?.branch?.name : undefined;
  const kept =
    branch === undefined
      ? []
      : await orRemark(`branch ${branch} could not be deleted`, () =>
          ask({
            method: 'DELETE',
            path: `${root}/refs/branches/${segments(branch)}`,
            to: 'delete branches',
            fine: [404],
          }),
        );
  return { ...read(pull), state: 'closed', remarks: [...commented, ...kept] };
}

async function hasComment(repository: Repository, number: number, comment: string): Promise<boolean> {
  const path = `${repository.root}/pullrequests/${number}/comments?pagelen=100`;
  for await (const each of listed<{ readonly content?: { readonly raw?: string } }>(repository, path))
    if (each.content?.raw === comment) return true;
  return false;
}
