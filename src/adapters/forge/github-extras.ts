import type { PullRequestAsk } from '../../ports/forge';
import { isPortError } from '../../ports/port-error';
import { orRemark } from './ask';
import { githubApi, githubGraphql, type GithubRepository } from './github-api';
import type { GithubPull } from './github-pull';
import { askReviewers } from './github-reviewers';

const labelColour = 'ededed';

/** What a pull request can do without: labels, reviewers, auto-merge. What cannot be had is told as a remark. */
export async function extrasOfGithub(
  repository: GithubRepository,
  pull: GithubPull,
  { labels, reviewers, autoMerge }: PullRequestAsk,
): Promise<{ readonly remarks: readonly string[]; readonly isMerged: boolean }> {
  const remarks: string[] = [];
  const known = pull.labels.map(({ name }) => name.toLowerCase());
  for (const label of labels.filter((each) => !known.includes(each.toLowerCase())))
    remarks.push(
      ...(await orRemark(`label ${label} could not be set`, () => setLabel(repository, pull, label))),
    );
  remarks.push(...(await askReviewers(repository, pull, reviewers)));
  if (!autoMerge || pull.auto_merge !== null) return { remarks, isMerged: false };
  let isMerged = false;
  const failed = await orRemark('auto-merge could not be enabled', async () => {
    const why = await enableAutoMerge(repository, pull);
    if (why === undefined) return;
    // Nothing is waited for: its rules are met now.
    if (/clean status/i.test(why)) await merge(repository, pull).then(() => (isMerged = true));
    else remarks.push(`auto-merge could not be enabled: ${why}`);
  });
  return { remarks: [...remarks, ...failed], isMerged };
}

/** A label that the repository does not know is made first. */
async function setLabel(repository: GithubRepository, pull: GithubPull, name: string): Promise<void> {
  const { names } = repository;
  const isKnown = await githubApi(repository, 'read labels')('GET /repos/{owner}/{repo}/labels/{name}', {
    ...names,
    name,
  }).then(
    () => true,
    (error: unknown) => {
      if (isPortError(error, 'NotFound')) return false;
      throw error;
    },
  );
  if (!isKnown)
    await githubApi(repository, 'create labels')('POST /repos/{owner}/{repo}/labels', {
      ...{ ...names, name, color: labelColour },
    }).catch((error: unknown) => {
      // 422: another attempt has made it.
      if (!/already_exists/.test(String(error))) throw error;
    });
  await githubApi(repository, 'label pull requests')(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
    { ...names, issue_number: pull.number, labels: [name] },
  );
}

const enable = `mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { clientMutationId }
}`;

/** Only GraphQL has it. Why not, for people; undefined when it is on. */
function enableAutoMerge(repository: GithubRepository, pull: GithubPull): Promise<string | undefined> {
  const input = { pullRequestId: pull.node_id, mergeMethod: methodOf(pull).toUpperCase() };
  return githubGraphql(repository, { query: enable, variables: { input }, to: 'merge pull requests' });
}

async function merge(repository: GithubRepository, pull: GithubPull): Promise<void> {
  await githubApi(repository, 'merge pull requests')('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
    ...repository.names,
    ...{ pull_number: pull.number, sha: pull.head.sha, merge_method: methodOf(pull) },
  });
}

/** The first way to merge that the repository allows; a token that may not know tries a merge commit. */
function methodOf({ base: { repo } }: GithubPull): 'merge' | 'squash' | 'rebase' {
  if (repo.allow_merge_commit !== false) return 'merge';
  return repo.allow_squash_merge === false ? 'rebase' : 'squash';
}
