import type { Fields } from './fields';
import { textOf } from './read-json';

/** Characters and forms that no Git ref has (git-check-ref-format); a leading dash would be an option. */
const impossible = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^[-/.]|\/$|\/\/|\/\.|\.$|\.lock$/u;
/** Argo CD reads these as a range of versions: `1.*`, `^1.2`, `>=1.0 <2`. */
const range = /^\s*(?:[~^<>=!]=?|v?\d+(?:\.\d+)*\.\*|\*)/;

/** Reads `targetRevision`: a branch, tag, full ref or commit, `HEAD` when absent. */
export function readTargetRevision(source: Fields): string {
  const revision = source.string('targetRevision') ?? '';
  if (revision === '') return 'HEAD';
  if (!impossible.test(revision) && !/^[=<>]/.test(revision)) return revision;
  const remedy = 'name a branch, a tag or a commit';
  if (range.test(revision)) {
    const message = `a range of versions such as ${textOf(revision)} is not supported yet`;
    const path = [...source.path, 'targetRevision'];
    source.report({ code: 'Unsupported', path, message, value: revision, remedy });
  } else {
    const message = `"${textOf(revision)}" can be no branch, tag or commit`;
    source.invalid('targetRevision', message, { value: revision, remedy });
  }
  return revision;
}
