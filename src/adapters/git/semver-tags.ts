import { highestTag, tagRange } from '../../domain/tag-range';
import type { VersionRange } from '../../domain/version-range';
import { PortError } from '../../ports/port-error';
import { displayUrl } from './remote-url';

/** The part of a question that asks for all tags, for a target revision that is a range of versions. */
export interface TagQuestion {
  readonly range: VersionRange;
  readonly pattern: 'refs/tags/*';
}

/** What to ask about tags; undefined when the target revision names one thing. */
export function askForTags(target: string): TagQuestion | undefined {
  const range = tagRange(target);
  return range === undefined ? undefined : { range, pattern: 'refs/tags/*' };
}

/** The ref of the highest tag in the range, of the refs that a remote has listed. */
export function chooseTag(refs: ReadonlyMap<string, string>, { range }: TagQuestion): string | undefined {
  const whole = [...refs.keys()].filter((ref) => !ref.endsWith('^{}'));
  return highestTag(whole, range);
}

/** Says that no tag lies in the range. */
export function noTagIn(target: string, repoUrl: string): PortError {
  const repository = displayUrl(repoUrl);
  const message = `no tag of ${repository} is a version in the range ${target}`;
  const remedy = 'push a tag such as v1.2.3 that is, or correct targetRevision';
  return new PortError(`${message}; ${remedy} (pre-releases count only where the range names one)`, {
    code: 'RevisionNotFound',
    retry: 'never',
    facts: { repository, targetRevision: target },
  });
}
