import { parseVersion, compareVersions } from '../../domain/version';
import { highestInRange, parseRange } from '../../domain/version-range';
import { chartError, shownUrl } from './errors';

/**
 * The version that is meant: the one that is called just so, else the highest in the range, as Helm picks it. Empty means the newest
 * that is no pre-release.
 */
export function chooseVersion(
  versions: readonly string[],
  wanted: string,
  { chart, url }: { readonly chart: string; readonly url: URL | string },
): string {
  const text = wanted.trim();
  if (text !== '' && versions.includes(text)) return text;
  const range = parseRange(text);
  const facts = { chart, version: text };
  if (range === undefined) {
    const message = `"${text}" is no version and no range of versions of chart ${chart}`;
    throw chartError('InvalidSpec', `${message}; write 1.2.3, 1.x, ^1.2 or ">=1 <2"`, url, { facts });
  }
  const chosen = highestInRange(versions, range);
  if (chosen !== undefined) return chosen;
  const message = `no version of chart ${chart} in ${shownUrl(url)} matches ${text === '' ? '"newest"' : text}`;
  const remedy = 'correct targetRevision (pre-releases match only a range that names one)';
  throw chartError('RevisionNotFound', `${message}; ${listed(versions)}; ${remedy}`, url, { facts });
}

function listed(texts: readonly string[]): string {
  const versions = texts.flatMap((text) => parseVersion(text) ?? []).sort((a, b) => compareVersions(b, a));
  const shown = versions.slice(0, 3).map(({ text }) => text);
  if (shown.length === 0) return 'it has no version';
  const more = versions.length - shown.length;
  return `it has ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
