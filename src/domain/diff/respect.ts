import type { KubeObject } from '../kube-object';
import type { FieldPath } from '../located';
import { gitManager } from '../marks';
import { comparePaths, counterpart, valueAtPath, withPath, withoutPaths } from './paths';
import { managedPaths } from './managed-paths';

export interface IgnoredFields {
  readonly wanted: readonly FieldPath[];
  readonly live: readonly FieldPath[];
  /** The whole object is replaced (`Replace=true`): then nothing may be left out. */
  readonly isReplaced?: boolean;
}

/**
 * What to apply so that ignored fields stay as they are (`RespectIgnoreDifferences=true`; Argo CD writes the live values into what it
 * applies). Where another manager owns exactly the field and Belay does not, the field is left out, so that the other one stays its
 * only owner; else the live value is written, because a field that its owner no longer applies is taken away by the API server. A
 * field that the live object does not have is left out.
 */
export function respectIgnored(wanted: KubeObject, live: KubeObject, ignored: IgnoredFields): KubeObject {
  const own = keysOf(
    managedPaths(live, (manager, operation) => manager === gitManager && operation === 'Apply'),
  );
  const others = keysOf(managedPaths(live, (manager) => manager !== gitManager));
  const leftOut: FieldPath[] = [];
  let result = wanted;
  for (const path of ignored.wanted) {
    const inLive = counterpart(wanted, live, path);
    const value = inLive === undefined ? undefined : valueAtPath(live, inLive);
    const key = JSON.stringify(inLive);
    if (value === undefined || (ignored.isReplaced !== true && others.has(key) && !own.has(key)))
      leftOut.push(path);
    else result = withPath(result, path, value);
  }
  // What Git no longer says and Belay still owns would go.
  for (const path of [...ignored.live].sort(comparePaths)) {
    if (ignored.isReplaced !== true && !own.has(JSON.stringify(path))) continue;
    const inWanted = counterpart(live, wanted, path);
    if (inWanted !== undefined && valueAtPath(wanted, inWanted) === undefined)
      result = withPath(result, inWanted, valueAtPath(live, path));
  }
  return withoutPaths(result, leftOut);
}

function keysOf(paths: readonly FieldPath[]): ReadonlySet<string> {
  return new Set(paths.map((path) => JSON.stringify(path)));
}
