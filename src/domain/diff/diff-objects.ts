import type { KubeObject } from '../kube-object';
import { fieldName, type FieldPath } from '../located';
import { isMap, sameJson } from '../read-json';
import { comparable } from './comparable';
import { maskSecrets } from './mask';
import { itemKeyOf, withoutEmpty, withoutPaths } from './paths';
import { shorten, type Shortened } from './shorten';

/** One field that differs. A side that does not have it is absent; long texts and values are shortened (`shorten`). */
export interface FieldChange extends Shortened {
  /** As people write it, list items by what tells them apart: `spec.template.spec.containers[web].image`. */
  readonly field: string;
  /** In Git's object; in the live one for what only that has. */
  readonly path: FieldPath;
}

/** Fields that differences do not count in, by their paths in each of the two objects. */
export interface Ignored {
  readonly live: readonly FieldPath[];
  readonly git: readonly FieldPath[];
}

export const nothingIgnored: Ignored = { live: [], git: [] };

/** Whether an apply would change anything that counts. */
export function differ(live: KubeObject, git: KubeObject, ignored: Ignored = nothingIgnored): boolean {
  return !sameJson(...counted(live, git, ignored));
}

/**
 * What an apply would change, field by field in the order of the fields' names. `git` is the answer of a server-side dry run of the
 * apply, so that defaulted, converted and other managers' fields are equal already: what Argo CD calls server-side diff. Values of
 * Secrets are masked.
 */
export function diffObjects(
  live: KubeObject,
  git: KubeObject,
  ignored: Ignored = nothingIgnored,
): readonly FieldChange[] {
  const [before, after] = counted(live, git, ignored);
  const masked = maskSecrets(before, after);
  return changes({ live: masked.live, git: masked.git, path: [], field: '' });
}

function counted(live: KubeObject, git: KubeObject, ignored: Ignored): [KubeObject, KubeObject] {
  const around = [...ignored.live, ...ignored.git];
  // Removed first: the paths are those of the whole objects.
  const side = (object: KubeObject, paths: readonly FieldPath[]) =>
    comparable(withoutEmpty(withoutPaths(object, paths), around));
  return [side(live, ignored.live), side(git, ignored.git)];
}

interface Both {
  readonly live: unknown;
  readonly git: unknown;
  readonly path: FieldPath;
  readonly field: string;
}

function changes(both: Both): readonly FieldChange[] {
  const { live, git, path, field } = both;
  if (sameJson(live, git)) return [];
  if (isMap(live) && isMap(git)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(git)])].sort();
    return keys.flatMap((key) =>
      changes({ live: live[key], git: git[key], path: [...path, key], field: join(field, fieldName([key])) }),
    );
  }
  if (Array.isArray(live) && Array.isArray(git)) return listChanges(both, live, git);
  return [{ field, path, ...shorten(live, git) }];
}

function listChanges(
  { live: _live, git: _git, ...at }: Both,
  live: readonly unknown[],
  git: readonly unknown[],
): readonly FieldChange[] {
  const key = itemKeyOf(live, git);
  if (key === undefined) return [{ field: at.field, path: at.path, ...shorten(live, git) }];
  const idOf = (item: unknown) => (item as Readonly<Record<string, unknown>>)[key];
  const ids = [...new Set([...git.map(idOf), ...live.map(idOf)])];
  const found = ids.flatMap((id) => {
    const [inLive, inGit] = [live, git].map((list) => list.findIndex((item) => idOf(item) === id)) as [
      number,
      number,
    ];
    const index = inGit < 0 ? inLive : inGit;
    return changes({
      live: live[inLive],
      git: git[inGit],
      path: [...at.path, index],
      field: `${at.field}[${String(id)}]`,
    });
  });
  // The same items in another order: only the whole says so.
  return found.length > 0
    ? found
    : [{ field: at.field, path: at.path, ...shorten(live.map(idOf), git.map(idOf)) }];
}

function join(field: string, name: string): string {
  return field === '' || name.startsWith('[') ? `${field}${name}` : `${field}.${name}`;
}
