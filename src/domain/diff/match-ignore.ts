import type { IgnoreDifferences } from '../application-spec';
import { groupOf, type ObjectRef } from '../kube-object';
import { matchesGlob } from '../glob';

/** The entries that speak of an object, as Argo CD reads them: group and kind may be globs, name and namespace are exact or absent. */
export function entriesFor(
  entries: readonly IgnoreDifferences[],
  { apiVersion, kind, name, namespace }: ObjectRef,
): readonly IgnoreDifferences[] {
  return entries.filter(
    (entry) =>
      matchesGlob(entry.group, groupOf(apiVersion)) &&
      matchesGlob(entry.kind, kind) &&
      isSaid(entry.name, name) &&
      isSaid(entry.namespace, namespace),
  );
}

function isSaid(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === '' || wanted === value;
}
