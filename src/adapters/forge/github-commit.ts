import type { CommitAsk, CommitEntry, CommitPublished } from '../../ports/forge';
import type { RefusalReason } from '../../ports/git';
import { isPortError, PortError } from '../../ports/port-error';
import type { Place } from './choose';
import { githubApi, githubRepository, type GithubRepository } from './github-api';
import type { Access } from './pull-requests';

const to = 'write contents';

/**
 * Makes a commit by GitHub's API, so that GitHub signs it where the credential is a GitHub App's: author and committer are left to it.
 * The trees and the commit are nobody's before the branch moves, so an attempt that dies leaves nothing behind.
 */
export async function publishOnGithub(
  place: Place,
  ask: CommitAsk,
  access: Access,
): Promise<CommitPublished> {
  const repository = githubRepository(place, access);
  // The API takes no expected value: it only refuses what does not follow the branch, and that alone would undo a force-push.
  if ((await headOf(repository, ask.branch)) !== ask.expected) return { kind: 'moved' };
  const tree = await makeTree(repository, ask);
  if (tree !== ask.tree) throw otherTree(place, ask, tree);
  const { data } = await githubApi(repository, to)('POST /repos/{owner}/{repo}/git/commits', {
    ...{ ...repository.names, message: ask.message, tree, parents: [ask.parent] },
  });
  try {
    await moveBranch(repository, ask, data.sha);
    return { kind: 'published', revision: data.sha };
  } catch (error: unknown) {
    if (!isPortError(error, 'Invalid', 'Forbidden')) throw error;
    if (/not a fast.?forward|reference (?:already exists|does not exist)/i.test(error.message))
      return { kind: 'moved' };
    return refusal(place, ask, error);
  }
}

async function headOf(repository: GithubRepository, branch: string): Promise<string | undefined> {
  try {
    const { data } = await githubApi(repository, 'read branches')('GET /repos/{owner}/{repo}/git/ref/{ref}', {
      ...repository.names,
      ref: `heads/${branch}`,
    });
    return data.object.sha;
  } catch (error: unknown) {
    if (isPortError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** What is alike is not sent: GitHub refuses a tree without entries. */
async function makeTree(repository: GithubRepository, { baseTree, entries }: CommitAsk): Promise<string> {
  if (entries.length === 0) return baseTree;
  const { data } = await githubApi(repository, to)('POST /repos/{owner}/{repo}/git/trees', {
    ...{ ...repository.names, base_tree: baseTree, tree: entries.map(entryOf) },
  });
  return data.sha;
}

function entryOf({ path, mode, id }: CommitEntry) {
  const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  return { path, mode: mode as Mode, type, sha: id ?? null } as const;
}

type Mode = '100644' | '100755' | '040000' | '160000' | '120000';

async function moveBranch(
  repository: GithubRepository,
  { branch, expected, parent }: CommitAsk,
  sha: string,
): Promise<void> {
  const { names } = repository;
  const api = githubApi(repository, `write ${branch}`);
  if (expected === undefined)
    await api('POST /repos/{owner}/{repo}/git/refs', { ...names, ref: `refs/heads/${branch}`, sha });
  else
    await api('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ...{ ...names, ref: `heads/${branch}`, sha, force: expected !== parent },
    });
}

function otherTree({ host, path }: Place, { branch, tree }: CommitAsk, made: string): PortError {
  const message = `the forge of ${host}/${path} makes tree ${made} for ${branch} where ${tree} was asked for; nothing was committed`;
  return new PortError(message, {
    code: 'Invalid',
    retry: 'never',
    facts: { host, repository: path, branch },
  });
}

/** First match wins: a rule about signatures is told as a violation of rules, too. */
const reasons: readonly (readonly [RefusalReason, RegExp])[] = [
  ['unsigned', /verified signature|must be signed|signed commits/i],
  ['hook', /hook declined|pre-receive/i],
  ['protected', /protected branch|pull request|rule violation|required status check|GH006|GH013/i],
];

function refusal({ host, path }: Place, { branch }: CommitAsk, error: PortError): CommitPublished {
  const reason = reasons.find(([, pattern]) => pattern.test(error.message))?.[0];
  const why = reason ?? (error.code === 'Forbidden' ? 'forbidden' : 'other');
  return {
    kind: 'refused',
    why,
    problem: {
      code: 'Forbidden',
      message: `cannot write refs/heads/${branch} of ${host}/${path}: ${error.message}`,
      value: `refs/heads/${branch}`,
      remedy:
        why === 'protected'
          ? 'allow it to be pushed to by the credential of the forge, or let a pull request be opened'
          : 'correct the rules of the branch or the rights of the credential of the forge',
    },
  };
}
