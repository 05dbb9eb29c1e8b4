import { setTimeout as sleep } from 'node:timers/promises';
import type { PullRequestAsk } from '../../ports/forge';
import { orRemark } from './ask';
import type { GitlabProject, GitlabUser, MergeRequest } from './gitlab-api';

const lookEveryMs = 500;
const mostLooks = 20;

/** The merge request as it is then, and what it must do without. */
interface Extended {
  readonly remarks: readonly string[];
  readonly request: MergeRequest;
}

/** What a merge request can do without: labels, reviewers, auto-merge. What cannot be had is told as a remark. */
export async function extrasOfGitlab(
  project: GitlabProject,
  request: MergeRequest,
  { labels, reviewers, autoMerge }: PullRequestAsk,
): Promise<Extended> {
  const labelled = await setLabels(project, request, labels);
  const asked = await askReviewers(project, request, reviewers);
  const merging = autoMerge ? await enableAutoMerge(project, request) : { remarks: [], request };
  return { remarks: [...labelled, ...asked, ...merging.remarks], request: merging.request };
}

/** GitLab makes labels that the project does not know where the token may, and else says nothing. */
async function setLabels(
  { ask, root }: GitlabProject,
  { iid, labels: before = [] }: MergeRequest,
  labels: readonly string[],
): Promise<readonly string[]> {
  const missing = labels.filter((label) => !before.includes(label));
  if (missing.length === 0) return [];
  const remarks: string[] = [];
  const failed = await orRemark(`labels ${missing.join(', ')} could not be set`, async () => {
    const { body } = await ask({
      method: 'PUT',
      path: `${root}/merge_requests/${iid}`,
      body: { add_labels: missing.join(',') },
      to: 'label merge requests',
    });
    const { labels: after = missing } = (body ?? {}) as Partial<MergeRequest>;
    for (const label of missing)
      if (!after.includes(label)) remarks.push(`label ${label} could not be set: GitLab did not take it`);
  });
  return [...remarks, ...failed];
}

/** GitLab wants all reviewers with their ids, and silently keeps the first one where its edition has no more. */
async function askReviewers(
  project: GitlabProject,
  { iid, reviewers: before = [] }: MergeRequest,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  const { ask, root } = project;
  const remarks: string[] = [];
  const found: GitlabUser[] = [];
  for (const name of reviewers.filter((each) => !has(before, each)))
    remarks.push(
      ...(await orRemark(`reviewer ${name} could not be asked`, async () => {
        const user = await findUser(project, name);
        if (user === undefined) remarks.push(`reviewer ${name} could not be asked: there is no such user`);
        else found.push(user);
      })),
    );
  if (found.length === 0) return remarks;
  const ids = [...before, ...found].map(({ id }) => id);
  const names = found.map(({ username }) => username).join(', ');
  const failed = await orRemark(`reviewers ${names} could not be asked`, async () => {
    const { body } = await ask({
      method: 'PUT',
      path: `${root}/merge_requests/${iid}`,
      body: { reviewer_ids: ids },
      to: 'ask for reviews',
    });
    const { reviewers: after = [] } = (body ?? {}) as Partial<MergeRequest>;
    for (const { username } of found)
      if (!has(after, username))
        remarks.push(`reviewer ${username} could not be asked: GitLab did not take them`);
  });
  return [...remarks, ...failed];
}

function has(users: readonly GitlabUser[], name: string): boolean {
  return users.some(({ username }) => username.toLowerCase() === name.toLowerCase());
}

async function findUser({ ask }: GitlabProject, name: string): Promise<GitlabUser | undefined> {
  const path = `/users?username=${encodeURIComponent(name)}`;
  const { body } = await ask({ method: 'GET', path, to: 'look for users' });
  const users = Array.isArray(body) ? (body as readonly GitlabUser[]) : [];
  return users.find(({ username }) => username.toLowerCase() === name.toLowerCase());
}

/** Merges at once where nothing is waited for. 405 and 422: it cannot be merged as it is; 409: the branch has moved. */
async function enableAutoMerge(project: GitlabProject, request: MergeRequest): Promise<Extended> {
  if (request.merge_when_pipeline_succeeds === true) return { remarks: [], request };
  let merging = request;
  const remarks = await orRemark('auto-merge could not be enabled', async () => {
    const { iid, sha } = await settled(project, request);
    const { body } = await project.ask({
      method: 'PUT',
      path: `${project.root}/merge_requests/${iid}/merge`,
      // The second is what GitLab before 17.11 calls the first.
      body: { auto_merge: true, merge_when_pipeline_succeeds: true, sha },
      to: 'merge merge requests',
    });
    merging = { ...request, ...(body as Partial<MergeRequest> | undefined) };
  });
  return { remarks, request: merging };
}

/** GitLab finds out in the background whether a new merge request can be merged, and refuses to merge it until then. */
async function settled(project: GitlabProject, request: MergeRequest): Promise<MergeRequest> {
  let seen = request;
  for (let looks = 0; looks < mostLooks && isUnderWay(seen); looks++) {
    if (looks > 0) await sleep(lookEveryMs, undefined, { signal: project.signal });
    const path = `${project.root}/merge_requests/${request.iid}`;
    const { body } = await project.ask({ method: 'GET', path, to: 'read merge requests' });
    seen = { ...request, ...(body as Partial<MergeRequest> | undefined) };
  }
  return seen;
}

function isUnderWay({ detailed_merge_status: status }: MergeRequest): boolean {
  return ['unchecked', 'checking', 'preparing', 'approvals_syncing'].includes(status ?? '');
}
