import type { IgnoreDifferences } from '../application-spec';
import { groupOf, type ObjectRef } from '../kube-object';
import { matchesGlob } from './glob';

/** The entries that speak of an object: each of group, kind, name and namespace may be a glob; absent ones match everything. */
export function entriesFor(
  entries: readonly IgnoreDifferences[],
  { apiVersion, kind, name, namespace }: ObjectRef,
): readonly IgnoreDifferences[] {
  return entries.filter(
    (entry) =>
      matchesGlob(entry.group, groupOf(apiVersion)) &&
      matchesGlob(entry.kind, kind) &&
      (entry.name === undefined || entry.name === '' || matchesGlob(entry.name, name)) &&
      (entry.namespace === undefined ||
        entry.namespace === '' ||
        matchesGlob(entry.namespace, namespace ?? '')),
  );
}
