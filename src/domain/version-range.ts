import { comparePre, compareVersions, parseVersion, type Version } from './version';

/** A range of versions: one of the alternatives must hold, all comparisons of it. */
export type VersionRange = readonly Alternative[];

interface Alternative {
  readonly comparisons: readonly Comparison[];
  /** Whether any of them names a pre-release: only then pre-releases match at all. */
  readonly takesPre: boolean;
}

interface Comparison {
  readonly operator: Operator;
  readonly version: Version;
  /** The first part that is left open (`1.x` and `1` leave `minor` open, `*` leaves all open). */
  readonly open: 'all' | 'minor' | 'patch' | 'none';
}

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^';

const part = '(?:[0-9]+|[xX*])';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const version = `v?${part}(?:\\.${part})?(?:\\.${part})?(?:-${identifiers})?(?:\\+${identifiers})?`;
const comparison = `(?:!=|>=|=>|<=|=<|~>|[=<>~^])?\\s*${version}`;
const between = new RegExp(`(${version})\\s+-\\s+(${version})`, 'g');
const alternativeForm = new RegExp(`^\\s*${comparison}(?:(?:\\s+|\\s*,\\s*)${comparison})*\\s*$`);
const comparisonParts = new RegExp(
  `^(\\D*?)\\s*v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(-${identifiers})?(?:\\+${identifiers})?$`,
);
const synonyms: Readonly<Record<string, Operator>> = { '': '=', '=>': '>=', '=<': '<=', '~>': '~' };
const longest = 512;

/**
 * Reads a range as Masterminds/semver does, the library behind Helm and Argo CD: `1.x`, `^1.2`, `~1.2`, `>=1, <2`, `1.2 - 2`,
 * `!=1.5.0`, `||`; empty means `*`. It differs from npm's ranges in commas, `!=`, `~>`, and in pre-releases, which
 * match wherever the range names one. Undefined when the text is no range.
 */
export function parseRange(text: string): VersionRange | undefined {
  if (text.length > longest) return undefined;
  const alternatives = text
    .replace(between, '>=$1, <=$2')
    .split('||')
    .map((each) => readAlternative(each.trim() === '' ? '*' : each));
  return alternatives.every((each) => each !== undefined) ? alternatives : undefined;
}

function readAlternative(text: string): Alternative | undefined {
  if (!alternativeForm.test(text)) return undefined;
  const found = text.match(new RegExp(comparison, 'g')) ?? [];
  const comparisons = found.map(readComparison);
  if (!comparisons.every((each) => each !== undefined)) return undefined;
  return { comparisons, takesPre: comparisons.some((each) => each.version.pre !== '') };
}

function readComparison(text: string): Comparison | undefined {
  const [, sign = '', major = '', minor = '*', patch = '*', pre = ''] = comparisonParts.exec(text) ?? [];
  const open = !isNumber(major) ? 'all' : !isNumber(minor) ? 'minor' : !isNumber(patch) ? 'patch' : 'none';
  const numbers = {
    all: '0.0.0',
    minor: `${major}.0.0`,
    patch: `${major}.${minor}.0`,
    none: `${major}.${minor}.${patch}`,
  };
  const read = parseVersion(numbers[open] + pre);
  const operator = synonyms[sign] ?? (sign as Operator);
  return read === undefined ? undefined : { operator, version: read, open };
}

function isNumber(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

/** Whether a version lies in a range. */
export function inRange(version: Version, range: VersionRange): boolean {
  return range.some(
    ({ comparisons, takesPre }) =>
      (version.pre === '' || takesPre) && comparisons.every((each) => holds(version, each)),
  );
}

/** The highest of the versions that lies in the range; texts that are no versions are left out. Of equals, the first. */
export function highestInRange(texts: Iterable<string>, range: VersionRange): string | undefined {
  let highest: Version | undefined;
  for (const text of texts) {
    const version = parseVersion(text);
    if (version === undefined || !inRange(version, range)) continue;
    if (highest === undefined || compareVersions(version, highest) > 0) highest = version;
  }
  return highest?.text;
}

function holds(it: Version, { operator, version: than, open }: Comparison): boolean {
  const order = compareVersions(it, than);
  switch (operator) {
    case '=':
      return open === 'none' ? order === 0 : aroundTilde(it, than, open);
    case '!=':
      return !isSame(it, than, open);
    case '>':
      return open === 'none' || open === 'all' ? order > 0 : comparedUpTo(it, than, open) > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return open === 'none' ? order <= 0 : open === 'all' || comparedUpTo(it, than, open) <= 0;
    case '~':
      return aroundTilde(it, than, open);
    case '^':
      return order >= 0 && underCaret(it, than, open);
  }
}

/** The order of what comes before the open part. */
function comparedUpTo(it: Version, than: Version, open: Comparison['open']): number {
  const minor = open === 'minor' ? than.minor : it.minor;
  return compareVersions({ ...it, minor, patch: 0n, pre: '' }, { ...than, patch: 0n, pre: '' });
}

function isSame(it: Version, than: Version, open: Comparison['open']): boolean {
  if (open === 'none') return compareVersions(it, than) === 0;
  if (open === 'all') return true;
  return (
    comparedUpTo(it, than, open) === 0 &&
    (open === 'minor' || than.pre === '' || comparePre(it.pre, than.pre) === 0)
  );
}

function aroundTilde(it: Version, than: Version, open: Comparison['open']): boolean {
  if (compareVersions(it, than) < 0) return false;
  // The Go library takes `~0.0.0` for everything.
  const isZero = than.major === 0n && than.minor === 0n && than.patch === 0n;
  if (open === 'all' || (open === 'none' && isZero)) return true;
  return it.major === than.major && (open === 'minor' || it.minor === than.minor);
}

/** The left-most number that is not zero stays; of zeros, the last one that is written. */
function underCaret(it: Version, than: Version, open: Comparison['open']): boolean {
  if (open === 'all') return true;
  if (it.major !== than.major) return false;
  if (than.major > 0n || open === 'minor') return true;
  if (it.minor !== than.minor) return false;
  return than.minor > 0n || open === 'patch' || it.patch === than.patch;
}
