import { setTimeout as sleep } from 'node:timers/promises';
import type { PullRequestAsk } from '../../ports/forge';
import { orRemark } from './ask';
import { segments } from './call';
import type { GiteaPull, GiteaRepository } from './gitea-api';

/** Gitea requires one; a grey like that of its own neutral labels. */
const labelColour = '#70767d';
const mergeAttempts = 8;

interface Label {
  readonly id: number;
  readonly name: string;
}

/** Who was asked for a review, or has given one. */
interface Review {
  readonly user?: { readonly login?: string } | null;
  readonly team?: { readonly name?: string } | null;
  /** `REQUEST_REVIEW` until it is given. */
  readonly state?: string;
}

/** Labels, reviewers and auto-merge of a pull request that is open: remarks say what could not be had. Done twice it changes nothing. */
export async function extrasOfGitea(
  repository: GiteaRepository,
  { pull, isNew }: { readonly pull: GiteaPull; readonly isNew: boolean },
  { labels, reviewers, autoMerge }: PullRequestAsk,
): Promise<readonly string[]> {
  const has = pull.labels ?? [];
  const missing = labels.filter((label) => !has.some(({ name }) => name === label));
  const isWanted = autoMerge && (isNew || !(await wasScheduled(repository, pull)));
  return [
    ...(await addLabels(repository, pull, missing)),
    ...(await requestReviews(repository, pull, reviewers)),
    ...(isWanted
      ? await orRemark('auto-merge could not be enabled', () => scheduleMerge(repository, pull))
      : []),
  ];
}

/** Labels have ids: of the repository, else of the organisation, else they are created in the repository. */
async function addLabels(
  { ask, root, place }: GiteaRepository,
  { number }: GiteaPull,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const to = 'read labels';
  const list = async (path: string): Promise<readonly Label[]> => {
    const all: Label[] = [];
    for (let page = 1; ; page++) {
      const told = await ask({ method: 'GET', path: `${path}?limit=50&page=${page}`, to, fine: [403, 404] });
      const labels = Array.isArray(told.body) ? (told.body as readonly Label[]) : [];
      all.push(...labels);
      if (labels.length === 0 || all.length >= Number(told.headers['x-total-count'] ?? Infinity)) return all;
    }
  };
  const has = (labels: readonly Label[]): boolean =>
    names.every((name) => labels.some((each) => each.name === name));
  const own = await list(`${root}/labels`);
  // A user has none: 404.
  const [owner = ''] = place.path.split('/');
  const known = has(own) ? own : [...own, ...(await list(`/orgs/${segments(owner)}/labels`))];
  const remarks: string[] = [];
  for (const name of names) {
    const add = async (): Promise<void> => {
      const label = known.find((each) => each.name === name) ?? (await create(name));
      const body = { labels: [label.id] };
      await ask({ method: 'POST', path: `${root}/issues/${number}/labels`, body, to: 'add labels' });
    };
    const create = async (missing: string): Promise<Label> => {
      const body = { name: missing, color: labelColour };
      return (await ask({ method: 'POST', path: `${root}/labels`, body, to: 'create labels' })).body as Label;
    };
    remarks.push(...(await orRemark(`label ${name} could not be set`, add)));
  }
  return remarks;
}

/**
 * One by one, since one unknown name would refuse them all. Who has reviewed it already is not asked again; nor is a team once somebody
 * has, for a review of a member ends the request without a trace.
 */
async function requestReviews(
  { ask, root }: GiteaRepository,
  { number }: GiteaPull,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const path = `${root}/pulls/${number}`;
  const { body } = await ask({ method: 'GET', path: `${path}/reviews?limit=50`, to: 'read reviews' });
  const reviews = Array.isArray(body) ? (body as readonly Review[]) : [];
  const remarks: string[] = [];
  for (const name of names) {
    const [person, team] = name.split('/');
    const isAsked = reviews.some(({ user, team: each, state }) =>
      team === undefined ? user?.login === person : each?.name === team || state !== 'REQUEST_REVIEW',
    );
    if (isAsked) continue;
    const wanted = team === undefined ? { reviewers: [name] } : { team_reviewers: [team] };
    const request = { method: 'POST', path: `${path}/requested_reviewers`, body: wanted } as const;
    const failed = `reviewer ${name} could not be asked`;
    remarks.push(...(await orRemark(failed, () => ask({ ...request, to: 'ask for reviews' }))));
  }
  return remarks;
}

/** Whether it was told before to merge by itself, also where a person has called that off. It comes early in what happened to it. */
async function wasScheduled({ ask, root }: GiteaRepository, { number }: GiteaPull): Promise<boolean> {
  const path = `${root}/issues/${number}/timeline?limit=50`;
  const { body } = await ask({ method: 'GET', path, to: 'read pull requests', fine: [404] });
  const events = Array.isArray(body) ? (body as readonly { readonly type?: string }[]) : [];
  return events.some(({ type }) => type === 'pull_scheduled_merge');
}

/**
 * Merges when all checks have succeeded, in the repository's own way, and removes the branch then. Right after it was opened Gitea still
 * looks for conflicts and answers 405, "try again later", as it does where there are some. 409: it was scheduled before.
 */
async function scheduleMerge({ ask, root }: GiteaRepository, { number, base }: GiteaPull): Promise<void> {
  const request = {
    method: 'POST',
    path: `${root}/pulls/${number}/merge`,
    body: {
      Do: base?.repo?.default_merge_style ?? 'merge',
      merge_when_checks_succeed: true,
      delete_branch_after_merge: true,
    },
    to: 'merge pull requests',
  } as const;
  for (let attempt = 1; attempt < mergeAttempts; attempt++) {
    const { status, text } = await ask({ ...request, fine: [405, 409] });
    if (status !== 405) return;
    if (!/try again later/i.test(text)) break;
    await sleep(100 * 2 ** Math.min(attempt, 4));
  }
  await ask({ ...request, fine: [409] });
}
