import { Fields } from '../fields';
import { locate } from '../located';
import type { Problem } from '../problem';
import { isMap, kindOf } from '../read-json';
import { parseRepoUrl } from '../repo-url';
import { isDeeperThan } from './depth';
import type { Provider } from './push';

/** The fields of an event, and what is wrong with it. */
export interface EventReader {
  readonly body: Fields;
  readonly problems: Problem[];
}

const longestText = 2048;
const deepest = 64;

/** Readers of a body; with none, when it is no map, only the problem. */
export function readerOf(provider: Provider, body: unknown): EventReader | readonly Problem[] {
  if (!isMap(body)) {
    const message = `the body of a webhook must be a map of fields, not ${kindOf(body)}`;
    return [{ code: 'InvalidSpec', message, object: `${provider} event` }];
  }
  if (isDeeperThan(body, deepest))
    return [{ code: 'InvalidSpec', message: 'the body is nested too deeply', object: `${provider} event` }];
  const problems: Problem[] = [];
  const located = locate({ apiVersion: 'v1', kind: provider, metadata: { name: 'event' } }, '');
  return { body: new Fields({ located, problems }, [], body), problems };
}

/** A text that must be there, of a length that is believable; undefined when it is not, which is reported. */
export function needed(fields: Fields | undefined, key: string): string | undefined {
  const before = fields?.source.problems.length;
  const value = fields?.string(key);
  if (fields === undefined || fields.source.problems.length !== before) return undefined;
  if (value === undefined || value === '') return fields.invalid(key, 'is missing');
  return isShort(value) ? value : fields.invalid(key, 'is too long, or has control characters');
}

/** The same for a map. */
export function neededMap(fields: Fields | undefined, key: string): Fields | undefined {
  const before = fields?.source.problems.length;
  const map = fields?.map(key);
  if (map !== undefined || fields === undefined || fields.source.problems.length !== before) return map;
  return fields.invalid(key, 'is missing');
}

/** The same for a list of maps with at least one item. */
export function neededMaps(fields: Fields | undefined, key: string): readonly Fields[] {
  const before = fields?.source.problems.length;
  const maps = fields?.maps(key) ?? [];
  if (fields !== undefined && maps.length === 0 && fields.source.problems.length === before)
    fields.invalid(key, 'is missing or empty');
  return maps;
}

/** The URLs among texts that name a repository; none at all is reported at `key`. */
export function urlsOf(
  fields: Fields | undefined,
  key: string,
  written: readonly (string | undefined)[],
): readonly string[] {
  const urls = written.filter((url) => url !== undefined).filter((url) => isShort(url) && isRemote(url));
  if (urls.length === 0) fields?.invalid(key, 'names no repository by a readable URL');
  return [...new Set(urls)];
}

/** What a forge says to a `Push` of a registry: `host/path` of an image or chart. */
export function isRegistryPath(text: string): boolean {
  return isShort(text) && /^[a-z0-9.-]+(?::[0-9]+)?(?:\/[a-z0-9._-]+)+$/i.test(text);
}

/** Files on disk are nothing that a forge serves. */
function isRemote(url: string): boolean {
  const scheme = parseRepoUrl(url)?.scheme;
  return scheme !== undefined && scheme !== 'file';
}

function isShort(text: string): boolean {
  return text.length <= longestText && !/\p{Cc}/u.test(text);
}
