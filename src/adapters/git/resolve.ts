import type { ResolvedRevision } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import { invalid } from './invalid';
import { displayUrl } from './remote-url';
import { isRefName } from './objects';
import { askForTags, chooseTag, noTagIn, type TagQuestion } from './semver-tags';

/** How a target revision is asked of a remote. */
export interface RevisionQuestion {
  readonly args: readonly string[];
  /** Refs in the order of preference. */
  readonly wanted: readonly string[];
  /** For a range of versions: taken when none of `wanted` is there. */
  readonly tags?: TagQuestion;
}

/**
 * Plans the one `ls-remote` that finds `target`; undefined when `target` is a commit id and needs none. A range of versions (`1.*`,
 * `^1.2`) means the highest tag in it, as in Argo CD; but a branch or tag that is called just so, such as a branch `1.x`, is meant itself.
 */
export function askFor(target: string): RevisionQuestion | undefined {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(target)) return undefined;
  const tags = askForTags(target);
  if (!isRefName(target)) {
    if (tags !== undefined) return { args: ['--tags', 'origin', tags.pattern], wanted: [], tags };
    throw invalid(
      `target revision ${JSON.stringify(target)} is not a name that Git allows; give a branch, tag, commit id or a range of tags`,
      {
        targetRevision: target,
      },
    );
  }
  if (target === 'HEAD') return { args: ['--symref', 'origin', 'HEAD'], wanted: ['HEAD'] };
  // A branch before a tag of the same name: only a branch can be written back.
  const wanted = target.startsWith('refs/') ? [target] : [`refs/heads/${target}`, `refs/tags/${target}`];
  // `--heads --tags` keep the server from listing its pull requests, often most of what it has.
  const limits = wanted.every((ref) => /^refs\/(heads|tags)\//.test(ref)) ? ['--heads', '--tags'] : [];
  const names = [...limits, 'origin', ...wanted.flatMap((ref) => [ref, `${ref}^{}`])];
  return tags === undefined ? { args: names, wanted } : { args: [...names, tags.pattern], wanted, tags };
}

/** Reads the answer of `ls-remote`. */
export function readAnswer(output: string, question: RevisionQuestion): ResolvedRevision | undefined {
  const refs = new Map<string, string>();
  let symbolic: string | undefined;
  for (const line of output.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (value.startsWith('ref: ') && name === 'HEAD') symbolic = value.slice('ref: '.length);
    else if (name !== '') refs.set(name, value);
  }
  const named = question.wanted.find((ref) => refs.has(ref));
  const found = named ?? (question.tags === undefined ? undefined : chooseTag(refs, question.tags));
  if (found === undefined) return undefined;
  const revision = refs.get(`${found}^{}`) ?? refs.get(found) ?? '';
  const branch = found === 'HEAD' ? symbolic : found;
  return branch?.startsWith('refs/heads/') === true ? { revision, branch } : { revision };
}

/** Says that `target` does not exist, and for a shortened commit id why it is not looked up. */
export function notFound(target: string, repoUrl: string): PortError {
  const repository = displayUrl(repoUrl);
  const facts = { repository, targetRevision: target };
  if (askForTags(target) !== undefined) return noTagIn(target, repoUrl);
  if (/^[0-9a-f]{4,39}$/i.test(target)) {
    return invalid(
      `target revision ${target} is a shortened commit id, which ${repository} cannot look up; give all 40 digits`,
      facts,
    );
  }
  const what =
    target === 'HEAD'
      ? 'the default branch'
      : target.startsWith('refs/')
        ? target
        : `branch or tag ${target}`;
  return new PortError(`${what} does not exist in ${repository}; push it or correct targetRevision`, {
    code: 'RevisionNotFound',
    retry: 'never',
    facts,
  });
}
