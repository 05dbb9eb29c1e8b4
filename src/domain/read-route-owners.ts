import { keyOf, nameOf, type ObjectRef } from './kube-object';
import { problemAt, type FieldPath, type Located } from './located';
import { rolesOf } from './plans/context';
import { routeRefs } from './plans/route-goal';
import { fieldOf, isMap, valueAt } from './read-json';
import type { Revision } from './read-revision';
import type { Workload } from './workload';

/** A workload with the Rollout that asks for it. */
export interface AskedFor {
  readonly by: Located;
  readonly workload: Workload | undefined;
}

/**
 * No two Rollouts may carry their weights in one object, be it the team's or one that a rollout makes for its time: its fence and its
 * mark belong to one workload, whose numbers say nothing to the other's. Sources that are only read may be shared.
 */
export function checkRouteOwners(revision: Revision, asked: readonly AskedFor[]): void {
  const owners = new Map<string, AskedFor>();
  for (const each of asked) {
    for (const ref of routesOf(each.workload)) {
      const key = keyOf(ref);
      const owner = owners.get(key) ?? each;
      owners.set(key, owner);
      if (!isSame(owner.workload, each.workload)) report(revision, each.by, ref, owner.by);
    }
  }
}

function routesOf(workload: Workload | undefined): readonly ObjectRef[] {
  if (workload === undefined) return [];
  const { strategy, namespace, name } = workload;
  return routeRefs({ ...rolesOf(strategy), namespace, workload: name }).edited;
}

/** Two Rollouts for one workload are told of as such. */
function isSame(one: Workload | undefined, other: Workload | undefined): boolean {
  return one?.kind === other?.kind && one?.namespace === other?.namespace && one?.name === other?.name;
}

function report(revision: Revision, by: Located, ref: ObjectRef, owner: Located): void {
  const { object, file, line } = owner;
  const path = pathTo(by, ref.name);
  revision.problems.push(
    problemAt(by, {
      code: 'InvalidSpec',
      path,
      message: `${nameOf(ref)} carries the weights of ${object.kind} ${object.metadata.name} (${file}:${line}) already`,
      value: ref.name,
      remedy: `give each Rollout ${/^[AEIOU]/.test(ref.kind) ? 'an' : 'a'} ${ref.kind} of its own`,
    }),
  );
}

/** Where a router names the object; the router as a whole where its name is a default, or made of others. */
function pathTo({ object }: Located, name: string): FieldPath {
  const routing = ['spec', 'strategy', 'canary', 'trafficRouting'];
  return [...routing, ...(findText(valueAt(object, ...routing), name) ?? [])];
}

function findText(value: unknown, text: string): FieldPath | undefined {
  if (value === text) return [];
  const keys: FieldPath = Array.isArray(value) ? [...value.keys()] : isMap(value) ? Object.keys(value) : [];
  for (const key of keys) {
    const found = findText(Array.isArray(value) ? value[key as number] : fieldOf(value, String(key)), text);
    if (found !== undefined) return [key, ...found];
  }
  return undefined;
}
