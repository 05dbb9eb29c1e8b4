/** A semantic version as Go's Masterminds/semver (Helm, Argo CD) reads it. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without its dash; empty for a release. */
  readonly pre: string;
  /** As it was written. */
  readonly text: string;
}

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const form = new RegExp(
  `^v?([0-9]{1,20})(?:\\.([0-9]{1,20}))?(?:\\.([0-9]{1,20}))?(?:-(${identifiers}))?(?:\\+${identifiers})?$`,
);

/**
 * Reads a version. As the Go library's lenient reader does, a leading `v`, missing parts (`1.2` is 1.2.0) and leading zeros
 * are taken; undefined for everything else.
 */
export function parseVersion(text: string): Version | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, major = '', minor = '0', patch = '0', pre = ''] = parts;
  // Numbers of a pre-release have no leading zeros: that is the one thing the lenient reader insists on.
  if (pre.split('.').some((part) => /^0[0-9]+$/.test(part))) return undefined;
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), pre, text };
}

/** Whether a text is a version with all of its three parts, not a shortened one such as `1.2`. */
export function isFullVersion(text: string): boolean {
  return /^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+]|$)/.test(text) && parseVersion(text) !== undefined;
}

/** Below 0, 0 or above 0, by semantic versioning's precedence: build metadata counts for nothing. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.major, b.major) ||
    compare(a.minor, b.minor) ||
    compare(a.patch, b.patch) ||
    comparePre(a.pre, b.pre)
  );
}

/** The order of two pre-releases; none at all is the highest. */
export function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = comparePart(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return compare(left.length, right.length);
}

function comparePart(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (aIsNumber && bIsNumber) return compare(BigInt(a), BigInt(b));
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return compare(a, b);
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
