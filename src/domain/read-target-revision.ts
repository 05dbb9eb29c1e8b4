import type { Fields } from './fields';
import { textOf } from './read-json';
import { tagRange } from './tag-range';

/** Characters and forms that no Git ref has (git-check-ref-format); a leading dash would be an option. */
const impossible = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^[-/.]|\/$|\/\/|\/\.|\.$|\.lock$/u;

/** Reads `targetRevision`: a branch, tag, full ref or commit, a semver range of tags, `HEAD` when absent. */
export function readTargetRevision(source: Fields): string {
  const revision = source.string('targetRevision') ?? '';
  if (revision === '') return 'HEAD';
  if (tagRange(revision) !== undefined) return revision;
  if (!impossible.test(revision) && !/^[=<>]/.test(revision)) return revision;
  const message = `"${textOf(revision)}" can be no branch, tag or commit, and is no range of versions`;
  const remedy = 'name a branch, a tag, a commit, or a range of tags such as 1.*, ^1.2 or ">=1.2 <2"';
  source.invalid('targetRevision', message, { value: revision, remedy });
  return revision;
}
