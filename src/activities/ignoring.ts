import type { ApplicationSpec, IgnoreDifferences } from '../domain/application-spec';
import type { Ignored } from '../domain/diff/diff-objects';
import { managedPaths } from '../domain/diff/managed-paths';
import { entriesFor } from '../domain/diff/match-ignore';
import { counterpart } from '../domain/diff/paths';
import { pathOfPointer, pathsOfJq } from '../domain/diff/pointers';
import { respectIgnored } from '../domain/diff/respect';
import { nameOf, refOf, type KubeObject } from '../domain/kube-object';
import type { FieldPath } from '../domain/located';
import type { Problem } from '../domain/problem';
import type { Jq } from '../ports/jq';

type Scope = Pick<ApplicationSpec, 'name' | 'ignoreDifferences' | 'syncOptions'>;

/** The differences of an object that do not count. */
export interface Ignoring {
  /**
   * `object` is what to apply: `wanted` itself, or with `RespectIgnoreDifferences=true` the one that leaves ignored fields of `live` as
   * they are. `ignoredWith(after)`: the ignored fields of `live` and of the dry run's answer, for `differ` and `diffObjects`. A
   * Problem names application, entry and what is wrong with it: a jq expression that is none, or goes beyond a limit. As in Argo CD,
   * an expression that an object's shape does not fit (`.spec.list[]` without a list) and a pointer that leads nowhere ignore
   * nothing there. An object that does not exist yet is applied whole.
   */
  apply(
    spec: Scope,
    objects: { readonly live: KubeObject | undefined; readonly wanted: KubeObject },
  ): Promise<Applying | Problem>;
}

export interface Applying {
  readonly object: KubeObject;
  ignoredWith(after: KubeObject): Promise<Ignored | Problem>;
}

/** `ignoreDifferences` of applications and, with `system`, those that hold for all of them (`readSystemIgnores`). */
export function createIgnoring(jq: Jq, system: readonly IgnoreDifferences[] = []): Ignoring {
  return {
    async apply(spec, { live, wanted }) {
      const entries = entriesFor([...system, ...(spec.ignoreDifferences ?? [])], refOf(wanted));
      if (live === undefined || entries.length === 0)
        return { object: wanted, ignoredWith: () => Promise.resolve({ live: [], git: [] }) };
      const find = (object: KubeObject) =>
        ignoredPaths({ jq, application: spec.name, entries, live }, object);
      const inLive = await find(live);
      if ('code' in inLive) return inLive;
      const inWanted = spec.syncOptions?.respectIgnoreDifferences === true ? await find(wanted) : undefined;
      if (inWanted !== undefined && 'code' in inWanted) return inWanted;
      return {
        object:
          inWanted === undefined
            ? wanted
            : respectIgnored(wanted, live, {
                wanted: inWanted.paths,
                live: inLive.paths,
                isReplaced: spec.syncOptions?.replace === true,
              }),
        async ignoredWith(after) {
          const inAfter = await find(after);
          return 'code' in inAfter ? inAfter : { live: inLive.paths, git: inAfter.paths };
        },
      };
    },
  };
}

interface Search {
  readonly jq: Jq;
  readonly application: string;
  readonly entries: readonly IgnoreDifferences[];
  /** Ownership is the live object's: the dry run has taken over what it changed. */
  readonly live: KubeObject;
}

async function ignoredPaths(
  { jq, application, entries, live }: Search,
  object: KubeObject,
): Promise<{ readonly paths: readonly FieldPath[] } | Problem> {
  const paths: FieldPath[] = [];
  for (const entry of entries) {
    for (const pointer of entry.jsonPointers) {
      const path = pathOfPointer(object, pointer);
      if (path !== undefined) paths.push(path);
    }
    for (const expression of entry.jqPathExpressions) {
      const answer = await jq.paths(object, expression);
      if (answer.kind === 'paths') paths.push(...answer.paths.flatMap((path) => pathsOfJq(object, path)));
      else if (answer.kind !== 'unfit')
        return wrong({ application, entry, expression, object, message: answer.message });
    }
    const owned = managedPaths(live, (manager) => entry.managedFieldsManagers.includes(manager));
    for (const path of owned) {
      const found = counterpart(live, object, path);
      if (found !== undefined) paths.push(found);
    }
  }
  const each = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return { paths: [...each.values()] };
}

interface Wrong {
  readonly application: string;
  readonly entry: IgnoreDifferences;
  readonly expression: string;
  readonly object: KubeObject;
  readonly message: string;
}

function wrong({ application, entry, expression, object, message }: Wrong): Problem {
  const subject = [entry.group, entry.kind, entry.namespace, entry.name].filter(
    (part) => (part ?? '') !== '',
  );
  return {
    code: 'InvalidSpec',
    object: nameOf(refOf(object)),
    field: 'spec.ignoreDifferences[].jqPathExpressions',
    value: expression.slice(0, 200),
    message: `application ${application}: the jq expression ${JSON.stringify(expression.slice(0, 200))} of the entry for ${subject.join('/')} ${message}`,
    remedy: 'correct it in spec.ignoreDifferences of the Application; try it with `jq` as path(…)',
  };
}
