import type { Fields } from '../fields';
import { changedFilesOf } from './changed-files';
import { needed, neededMap, neededMaps, urlsOf } from './event-reader';
import type { Push, RefChange } from './push';

type Told = Omit<Push, 'provider'> | 'ignored';

/** The most commits that GitHub puts into one event. */
const githubCommits = 2048;
/** What Gogs shows of a push, and so puts into its event, unless it is configured otherwise; it gives no total. */
const gogsCommits = 5;
const uncut = Infinity;

/** GitHub: `push`. Branches, tags, their creation and deletion are all told by this one event. */
export function readGithub(body: Fields): Told {
  const repository = neededMap(body, 'repository');
  const urls = urlsOf(repository, 'html_url', textsAt(repository, 'html_url', 'clone_url', 'ssh_url'));
  const change = changeOf(body);
  // A force-push undoes commits that it does not list; a new branch may come with commits that are known already.
  const isLinear = body.boolean('forced') !== true && change?.before !== undefined;
  const files = changedFilesOf(body, { atMost: githubCommits });
  return told(
    { urls, changes: [change], branch: repository?.string('default_branch') },
    isLinear ? files : undefined,
  );
}

/** GitLab: `push` and `tag_push` of a project, of a group or of the whole installation. */
export function readGitlab(body: Fields): Told {
  const kind = body.string('object_kind') ?? body.string('event_name');
  if (kind === undefined) body.invalid('object_kind', 'is missing');
  if (kind !== 'push' && kind !== 'tag_push') return 'ignored';
  const project = neededMap(body, 'project');
  const urls = urlsOf(project, 'web_url', textsAt(project, 'web_url', 'git_http_url', 'git_ssh_url'));
  const change = changeOf(body);
  const files = changedFilesOf(body, { total: body.int('total_commits_count'), atMost: uncut });
  const isLinear = change?.before !== undefined;
  return told(
    { urls, changes: [change], branch: project?.string('default_branch') },
    isLinear ? files : undefined,
  );
}

/** Gitea, Forgejo and Gogs: `push`, and for tags also `create` and `delete`. */
export function readGitea(body: Fields, event: string): Told {
  if (event !== 'push' && event !== 'create' && event !== 'delete') return 'ignored';
  const repository = neededMap(body, 'repository');
  const urls = urlsOf(repository, 'html_url', textsAt(repository, 'html_url', 'clone_url', 'ssh_url'));
  const branch = repository?.string('default_branch');
  if (event !== 'push') {
    const kind = body.oneOf('ref_type', ['branch', 'tag']);
    const name = needed(body, 'ref');
    const ref = `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`;
    return told({ urls, changes: name === undefined ? [] : [{ ref }], branch });
  }
  const change = changeOf(body);
  const total = body.int('total_commits');
  const files = changedFilesOf(body, { total, atMost: total === undefined ? gogsCommits : uncut });
  return told({ urls, changes: [change], branch }, change?.before === undefined ? undefined : files);
}

/** Azure DevOps: `git.push`. It names no files, and a service hook may be called with other events. */
export function readAzureDevOps(body: Fields): Told {
  if (needed(body, 'eventType') !== 'git.push') return 'ignored';
  const resource = neededMap(body, 'resource');
  const repository = neededMap(resource, 'repository');
  const urls = urlsOf(repository, 'remoteUrl', textsAt(repository, 'remoteUrl', 'sshUrl'));
  const changes = neededMaps(resource, 'refUpdates').map((update) =>
    changeOf(update, { ref: 'name', before: 'oldObjectId', after: 'newObjectId' }),
  );
  return told({ urls, changes, branch: repository?.string('defaultBranch') });
}

/** What all forges but Bitbucket call the ref and its commits. */
function changeOf(
  fields: Fields,
  { ref, before, after } = { ref: 'ref', before: 'before', after: 'after' },
): RefChange | undefined {
  const name = needed(fields, ref);
  const commits = { before: commitOf(fields.string(before)), after: commitOf(fields.string(after)) };
  return name === undefined ? undefined : changeTo(name, commits);
}

/** One ref of a push, without what was not told. */
export function changeTo(
  ref: string,
  { before, after }: { readonly before: string | undefined; readonly after: string | undefined },
): RefChange {
  return { ref, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** Zeros stand for a ref that was not there, or is not there any more. */
export function commitOf(id: string | undefined): string | undefined {
  return id !== undefined && /^[0-9a-f]{7,64}$/i.test(id) && !/^0+$/.test(id) ? id : undefined;
}

interface Parts {
  readonly urls: readonly string[];
  readonly changes: readonly (RefChange | undefined)[];
  readonly branch?: string | undefined;
}

/** A push of branches and tags; one that has only other refs (notes, merge requests) is ignored. */
export function told({ urls, changes: all, branch }: Parts, changedFiles?: readonly string[]): Told {
  const changes = all.filter((change) => change !== undefined && /^refs\/(?:heads|tags)\/./.test(change.ref));
  if (all.length > 0 && all.every((change) => change !== undefined) && changes.length === 0) return 'ignored';
  const defaultBranch = branch?.replace(/^refs\/heads\//, '') ?? '';
  return {
    urls,
    changes: changes as readonly RefChange[],
    ...(defaultBranch !== '' && { defaultBranch }),
    ...(changedFiles !== undefined && { changedFiles }),
  };
}

function textsAt(fields: Fields | undefined, ...keys: readonly string[]): readonly (string | undefined)[] {
  return keys.map((key) => fields?.string(key));
}
