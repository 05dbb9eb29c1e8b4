import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import { isPortError } from '../../ports/port-error';
import { incomplete, orRemark } from './ask';
import { cut } from './call';
import { githubApi, githubRepository, type GithubRepository } from './github-api';
import { extrasOfGithub } from './github-extras';
import type { GithubPull } from './github-pull';
import type { PullRequests } from './pull-requests';

const pageSize = 100;
const longestTitle = 256;
const longestBody = 65_536;

/** Pull requests of GitHub, also Enterprise Server (`/repos/{owner}/{repo}/pulls`). */
export const githubPullRequests: PullRequests = {
  async open(place, ask, access) {
    const repository = githubRepository(place, access);
    const before = await findOpen(repository, ask);
    const pull =
      before === undefined ? await create(repository, ask) : await refresh(repository, before, ask);
    const { remarks, isMerged } = await extrasOfGithub(repository, pull, ask);
    return { ...read(pull), remarks, ...(isMerged ? { state: 'merged' } : {}) };
  },
  async look(place, number, access) {
    return read(await look(githubRepository(place, access), number));
  },
  async close(place, number, comment, access) {
    return close(githubRepository(place, access), number, comment);
  },
};

function read(pull: GithubPull): PullRequest {
  const { number, html_url: url, state } = pull;
  const ended = isMerged(pull) ? 'merged' : 'closed';
  return { kind: 'pull-request', number, url, state: state === 'open' ? 'open' : ended, remarks: [] };
}

function isMerged({ merged_at: mergedAt }: GithubPull): boolean {
  return typeof mergedAt === 'string';
}

/** The client's types promise what no proxy in between keeps. */
function checked({ place }: GithubRepository, pull: GithubPull): GithubPull {
  const { number, html_url: url, state } = pull as Partial<GithubPull>;
  if (typeof number === 'number' && url !== undefined && state !== undefined) return pull;
  throw incomplete(place, 'the number, address and state of the pull request');
}

async function look(repository: GithubRepository, number: number): Promise<GithubPull> {
  const { data } = await githubApi(repository, 'read pull requests')(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    { ...repository.names, pull_number: number },
  );
  return checked(repository, data);
}

/** GitHub ignores a `head` that it does not understand and then gives others, so each is looked at. A fork may have such a branch too. */
async function findOpen(
  repository: GithubRepository,
  { head, base }: PullRequestAsk,
): Promise<GithubPull | undefined> {
  const { names } = repository;
  const { data } = await githubApi(repository, 'read pull requests')('GET /repos/{owner}/{repo}/pulls', {
    ...names,
    ...{ state: 'open', head: `${names.owner}:${head}`, base, per_page: pageSize },
  });
  if (!Array.isArray(data)) throw incomplete(repository.place, 'a list of pull requests');
  return data.find((pull) => pull.head.ref === head && pull.base.ref === base && !isOfFork(pull));
}

/** 422 may mean that somebody, perhaps an earlier attempt of ours, was quicker. */
async function create(repository: GithubRepository, ask: PullRequestAsk): Promise<GithubPull> {
  const { head, base } = ask;
  try {
    const { data } = await githubApi(repository, 'open pull requests')('POST /repos/{owner}/{repo}/pulls', {
      ...repository.names,
      ...{ head, base, ...wordsOf(ask) },
    });
    return checked(repository, data);
  } catch (error: unknown) {
    if (!isPortError(error, 'Invalid')) throw error;
    const found = await findOpen(repository, ask);
    if (found === undefined) throw error;
    return refresh(repository, found, ask);
  }
}

/** Brings title and body up to date; where they are, nobody gets a message. */
async function refresh(
  repository: GithubRepository,
  pull: GithubPull,
  ask: PullRequestAsk,
): Promise<GithubPull> {
  const { title, body } = wordsOf(ask);
  if (pull.title === title && (pull.body ?? '') === body) return pull;
  const { data } = await githubApi(repository, 'change pull requests')(
    'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
    { ...repository.names, pull_number: pull.number, title, body },
  );
  return checked(repository, data);
}

function wordsOf({ title, body }: PullRequestAsk) {
  const isLong = body.length > longestBody;
  return { title: cut(title, longestTitle), body: isLong ? `${body.slice(0, longestBody - 1)}…` : body };
}

/**
 * The comment first, so that nobody finds it closed without a reason; a comment of the same words is not made twice. One that is closed
 * already with our comment was closed by an earlier attempt, which may not have come to the branch.
 */
async function close(repository: GithubRepository, number: number, comment: string): Promise<PullRequest> {
  const pull = await look(repository, number);
  if (isMerged(pull)) return read(pull);
  const isSaid = await hasComment(repository, number, comment);
  if (pull.state !== 'open' && !isSaid) return read(pull);
  const place = { ...repository.names, issue_number: number };
  const commented = isSaid
    ? []
    : await orRemark('the comment could not be made', () =>
        githubApi(repository, 'comment on pull requests')(
          'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
          { ...place, body: comment },
        ),
      );
  const closed = pull.state === 'open' ? await shut(repository, number) : pull;
  if (isMerged(closed)) return read(closed);
  return { ...read(closed), remarks: [...commented, ...(await deleteBranch(repository, closed))] };
}

/** 422 where it was merged in the meantime. */
async function shut(repository: GithubRepository, number: number): Promise<GithubPull> {
  try {
    const { data } = await githubApi(repository, 'close pull requests')(
      'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
      { ...repository.names, pull_number: number, state: 'closed' },
    );
    return checked(repository, data);
  } catch (error: unknown) {
    const pull = isPortError(error, 'Invalid') ? await look(repository, number) : undefined;
    if (pull === undefined || pull.state === 'open') throw error;
    return pull;
  }
}

async function hasComment(repository: GithubRepository, number: number, comment: string): Promise<boolean> {
  const api = githubApi(repository, 'read comments');
  for (let page = 1; ; page++) {
    const { data } = await api('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repository.names,
      ...{ issue_number: number, per_page: pageSize, page },
    });
    if (data.some(({ body }) => body === comment)) return true;
    if (data.length < pageSize) return false;
  }
}

/** Never a branch of a fork. 422: it is gone already. */
async function deleteBranch(repository: GithubRepository, pull: GithubPull): Promise<readonly string[]> {
  const { ref } = pull.head;
  if (isOfFork(pull)) return [];
  return orRemark(`branch ${ref} could not be deleted`, async () => {
    try {
      await githubApi(repository, 'delete branches')('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
        ...repository.names,
        ref: `heads/${ref}`,
      });
    } catch (error: unknown) {
      const isGone = isPortError(error, 'NotFound') || /reference does not exist/i.test(String(error));
      if (!isGone) throw error;
    }
  });
}

function isOfFork({ head, base }: GithubPull): boolean {
  return head.repo?.full_name !== base.repo.full_name;
}
