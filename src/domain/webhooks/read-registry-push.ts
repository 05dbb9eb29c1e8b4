import type { Fields } from '../fields';
import { isRegistryPath, needed, neededMap, neededMaps } from './event-reader';
import type { Push } from './push';

type Told = Omit<Push, 'provider'> | 'ignored';

/** GitHub: `package` and `registry_package` of a container or chart at ghcr.io (or where the event says the package is). */
export function readGithubPackage(body: Fields, event: string): Told {
  const action = body.string('action');
  const held = neededMap(body, event);
  if ((action !== 'published' && action !== 'updated') || held === undefined) return 'ignored';
  if (held.string('package_type')?.toLowerCase() !== 'container') return 'ignored';
  const version = held.map('package_version');
  const tag = version?.map('container_metadata')?.map('tag')?.string('name') ?? '';
  // A push by digest alone changes no version that anybody may have asked for.
  if (tag === '') return 'ignored';
  const owner = needed(neededMap(held, 'owner'), 'login');
  const path = `ghcr.io/${owner}/${needed(held, 'name')}`;
  const url = version?.string('package_url')?.split(/@|:(?=[^/]*$)/)[0] ?? '';
  return chart(held, 'name', isRegistryPath(url) ? url : path, [tag]);
}

/** Harbor: `PUSH_ARTIFACT`, of an image or chart, with its tags. */
export function readHarbor(body: Fields): Told {
  if (needed(body, 'type') !== 'PUSH_ARTIFACT') return 'ignored';
  const data = neededMap(body, 'event_data');
  const name = needed(neededMap(data, 'repository'), 'repo_full_name') ?? '';
  const resources = neededMaps(data, 'resources');
  const [resource] = resources;
  const host = needed(resource, 'resource_url')?.split('/')[0] ?? '';
  const tags = resources.map((each) => each.string('tag') ?? '').filter((tag) => tag !== '');
  return tags.length === 0 ? 'ignored' : chart(resource, 'resource_url', `${host}/${name}`, tags);
}

/**
 * An application names the registry's path above the chart and the chart, or the whole path: both have an observer of their own.
 */
function chart(fields: Fields | undefined, key: string, path: string, tags: readonly string[]): Told {
  if (!isRegistryPath(path)) {
    fields?.invalid(key, 'names no repository of a registry');
    return { urls: [], changes: [] };
  }
  const above = path.slice(0, path.lastIndexOf('/'));
  const urls = (above.includes('/') ? [above, path] : [path]).map((each) => `oci://${each.toLowerCase()}`);
  return { urls, changes: tags.map((tag) => ({ ref: `refs/tags/${tag}` })) };
}
