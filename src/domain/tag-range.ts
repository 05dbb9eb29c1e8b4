import { highestInRange, inRange, parseRange, type VersionRange } from './version-range';
import { parseVersion } from './version';

const tags = 'refs/tags/';

/**
 * The range of versions that a `targetRevision` means (`1.*`, `^1.2`, `refs/tags/1.*`); undefined when it is the name of one branch,
 * tag or commit. As in Argo CD, a version, also a short one such as `1.2`, names the tag of exactly that name.
 */
export function tagRange(targetRevision: string): VersionRange | undefined {
  const text = withoutPrefix(targetRevision).trim();
  return text === '' || parseVersion(text) !== undefined ? undefined : parseRange(text);
}

/** Whether a tag (its name or full ref) is one that the range of a `targetRevision` may choose. */
export function isInTagRange(targetRevision: string, tag: string): boolean {
  const [range, version] = [tagRange(targetRevision), parseVersion(withoutPrefix(tag))];
  return range !== undefined && version !== undefined && inRange(version, range);
}

/** The full ref of the highest version among refs such as `refs/tags/v1.2.3`; what is no tag or no version is left out. */
export function highestTag(refs: Iterable<string>, range: VersionRange): string | undefined {
  const names = [...refs].filter((ref) => ref.startsWith(tags)).map(withoutPrefix);
  const highest = highestInRange(names, range);
  return highest === undefined ? undefined : tags + highest;
}

function withoutPrefix(ref: string): string {
  return ref.startsWith(tags) ? ref.slice(tags.length) : ref;
}
