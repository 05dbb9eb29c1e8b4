import { incomplete, orRemark } from './ask';
import { githubApi, type GithubRepository } from './github-api';
import type { GithubPull } from './github-pull';

/**
 * Asks for reviews, one by one: GitHub refuses all when one of them is nobody whom it can ask. Who has reviewed it already is not asked
 * again; nor is a team once somebody has, for a review of a member ends the request without a trace. Remarks say who could not be asked.
 */
export async function askReviewers(
  repository: GithubRepository,
  pull: GithubPull,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  const { owner } = repository.names;
  const asked = [
    ...(pull.requested_reviewers ?? []).map(({ login }) => login),
    ...(pull.requested_teams ?? []).map(({ slug }) => `${owner}/${slug}`),
  ];
  const missing = reviewers.filter((each) => !has(asked, each));
  if (missing.length === 0) return [];
  const remarks: string[] = [];
  const failed = await orRemark(`reviewers ${missing.join(', ')} could not be asked`, async () => {
    const seen = await reviewersOf(repository, pull);
    for (const reviewer of missing) {
      const [organisation = '', team] = reviewer.split('/');
      if (team === undefined ? has(seen, reviewer) : seen.length > 0) continue;
      if (team !== undefined && !has([owner], organisation))
        remarks.push(`reviewer ${reviewer} could not be asked: it is no team of ${owner}`);
      else
        remarks.push(
          ...(await orRemark(`reviewer ${reviewer} could not be asked`, () =>
            request(
              repository,
              pull,
              team === undefined ? { reviewers: [reviewer] } : { team_reviewers: [team] },
            ),
          )),
        );
    }
  });
  return [...remarks, ...failed];
}

function has(names: readonly string[], name: string): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

async function reviewersOf(repository: GithubRepository, pull: GithubPull): Promise<readonly string[]> {
  const { data } = await githubApi(repository, 'read reviews')(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    { ...repository.names, pull_number: pull.number, per_page: 100 },
  );
  if (!Array.isArray(data)) throw incomplete(repository.place, 'a list of reviews');
  return data.flatMap(({ user }) => user?.login ?? []);
}

async function request(
  repository: GithubRepository,
  { number }: GithubPull,
  whom: { readonly reviewers: string[] } | { readonly team_reviewers: string[] },
): Promise<void> {
  await githubApi(repository, 'ask for reviews')(
    'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    { ...repository.names, pull_number: number, ...whom },
  );
}
