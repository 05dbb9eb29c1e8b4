import type { Problem } from '../problem';
import { cyclesOf, memberProblem } from './graph';
import type { MemberHead } from './releases-state';
import type { Member, ReleaseSpec } from './spec';

/**
 * What is wrong with a release as it is declared: members named twice, members that depend on themselves or on names that are no
 * members, cycles (each with its path), and a dependency on a member of a later sync-wave. Every problem, not the first.
 */
export function checkRelease(spec: ReleaseSpec): readonly Problem[] {
  const { name, members } = spec;
  const problem = (facts: Parameters<typeof memberProblem>[1]): Problem => memberProblem(name, facts);
  const known = new Map(members.map((member) => [member.application, member]));
  const found: Problem[] = [];
  if (members.length === 0)
    found.push(problem({ message: 'it has no members', remedy: 'name at least one application' }));
  for (const application of twice(members.map((each) => each.application))) {
    const message = `${application} is a member twice`;
    found.push(problem({ message, field: 'members', value: application, remedy: 'name it once' }));
  }
  for (const member of members) found.push(...checkEdges(name, member, known));
  for (const cycle of cyclesOf(members).filter((each) => each.length > 2)) {
    const path = cycle.join(' → ');
    const remedy = 'take one of these dependencies out';
    found.push(problem({ message: `${path} is a cycle`, field: 'dependsOn', value: path, remedy }));
  }
  return found;
}

function checkEdges(release: string, member: Member, known: ReadonlyMap<string, Member>): readonly Problem[] {
  const { application, dependsOn, wave } = member;
  return [...new Set(dependsOn)].flatMap((value) => {
    const edge = { field: 'dependsOn', value };
    const other = known.get(value);
    if (value === application) {
      const remedy = 'take that dependency out';
      return [memberProblem(release, { ...edge, message: `${application} depends on itself`, remedy })];
    }
    if (other === undefined) {
      const message = `${application} depends on ${value}, which is no member`;
      const remedy = `make ${value} a member, or take the dependency out`;
      return [memberProblem(release, { ...edge, message, remedy })];
    }
    if (other.wave <= wave) return [];
    const message = `${application} → ${value} → ${application} is a cycle: it depends on ${value}, whose sync-wave ${other.wave} comes after its own, ${wave}`;
    const remedy = 'give one of them another sync-wave, or take the dependency out';
    return [memberProblem(release, { ...edge, message, remedy })];
  });
}

/**
 * What is wrong with the applications behind a release: names that no application has told (none of that name, or it has not begun
 * yet), members in a cluster without a worker, and applications that say they belong to it while its file does not name them.
 * `unserved`: ids of clusters for which no worker has been heard of lately.
 */
export function checkMembers(
  spec: ReleaseSpec,
  heads: Readonly<Record<string, MemberHead>>,
  unserved: ReadonlySet<string> = new Set(),
): readonly Problem[] {
  const { name, members } = spec;
  const named = new Set(members.map(({ application }) => application));
  const found: Problem[] = [];
  for (const { application } of members) {
    const head = heads[application];
    if (head === undefined) {
      const message = `no application ${application} has told about itself`;
      const remedy = 'create it, or take it out of the release';
      found.push(memberProblem(name, { message, field: 'members', value: application, remedy }));
    } else if (head.cluster === undefined || unserved.has(head.cluster)) {
      const where = head.cluster === undefined ? 'its cluster' : `its cluster ${head.cluster}`;
      const path = pathTo(members, application);
      const message = `${application}: ${where} has no worker${path === undefined ? '' : ` (${path})`}`;
      const remedy = 'start `belay worker` for that cluster';
      found.push(memberProblem(name, { message, field: 'members', value: application, remedy }));
    }
  }
  for (const { application, membership } of Object.values(heads)) {
    if (membership === undefined || named.has(application)) continue;
    const message = `${application} says that it belongs to this release, and the release file does not name it`;
    const remedy = 'name it in the file, or take its annotation belay.dev/release out';
    found.push(memberProblem(name, { message, field: 'members', value: application, remedy }));
  }
  return found;
}

/** `web → api → db`: who needs this one, from the first that nobody needs. */
function pathTo(members: readonly Member[], application: string): string | undefined {
  const path = [application];
  for (;;) {
    const [first = ''] = path;
    const user = members.find((each) => each.dependsOn.includes(first) && !path.includes(each.application));
    if (user === undefined) return path.length === 1 ? undefined : path.join(' → ');
    path.unshift(user.application);
  }
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
