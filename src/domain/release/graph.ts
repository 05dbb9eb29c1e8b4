import type { Problem } from '../problem';
import type { Member } from './spec';

/** `a → b → a` for each cycle of dependencies, each once; at most one for each edge that closes one. */
export function cyclesOf(members: readonly Member[]): readonly (readonly string[])[] {
  const edges = new Map(members.map(({ application, dependsOn }) => [application, dependsOn]));
  const done = new Set<string>();
  const cycles: (readonly string[])[] = [];
  const visit = (application: string, path: readonly string[]): void => {
    const at = path.indexOf(application);
    if (at >= 0) {
      cycles.push([...path.slice(at), application]);
      return;
    }
    if (done.has(application)) return;
    for (const next of edges.get(application) ?? []) visit(next, [...path, application]);
    done.add(application);
  };
  for (const { application } of members) visit(application, []);
  return cycles;
}

/**
 * The order of members: each has a number from 0, and those of a lower one are out before. A member comes after all that it depends on
 * and after all of a lower sync-wave. The members must have no cycle (`checkRelease`).
 */
export function levelsOf(members: readonly Member[]): ReadonlyMap<string, number> {
  const known = new Map(members.map((member) => [member.application, member]));
  const levels = new Map<string, number>();
  let floor = 0;
  const levelOf = ({ application, dependsOn }: Member): number => {
    const found = levels.get(application);
    if (found !== undefined) return found;
    const before = dependsOn.flatMap((name) => known.get(name) ?? []).map((each) => levelOf(each) + 1);
    const level = Math.max(floor, ...before);
    levels.set(application, level);
    return level;
  };
  const numbers = [...new Set(members.map(({ wave }) => wave))].sort((a, b) => a - b);
  for (const number of numbers) {
    const same = members.filter(({ wave }) => wave === number).map(levelOf);
    floor = Math.max(...same) + 1;
  }
  return levels;
}

/** Some members in waves, in the order of all: those that are left out leave no empty wave. Names in a wave are sorted. */
export function wavesOf(
  members: readonly Member[],
  which: ReadonlySet<string> = new Set(members.map(({ application }) => application)),
): readonly (readonly string[])[] {
  const waves: string[][] = [];
  for (const [application, level] of levelsOf(members))
    if (which.has(application)) (waves[level] ??= []).push(application);
  // Holes where nobody is left are skipped by `filter`.
  return waves.filter((wave) => wave.length > 0).map((wave) => wave.sort());
}

/** Those that depend on one of these, directly or by others, without these themselves. */
export function dependentsOf(members: readonly Member[], of: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const users = usersOf(members);
  const open = [...of];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const user of users.get(next) ?? []) {
      if (found.has(user) || of.includes(user)) continue;
      found.add(user);
      open.push(user);
    }
  }
  return found;
}

function usersOf(members: readonly Member[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { application, dependsOn } of members) {
    for (const name of dependsOn) users.set(name, [...(users.get(name) ?? []), application]);
  }
  return users;
}

/** A problem of a member of a release, as other problems are said. */
export function memberProblem(
  release: string,
  { message, field, value, remedy }: Pick<Problem, 'message' | 'field' | 'value' | 'remedy'>,
): Problem {
  return {
    code: 'InvalidSpec',
    object: `Release ${release}`,
    message,
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}
