import type { Read } from '../problem';
import { checkMembers, checkRelease } from './check';
import { declareFrom } from './declare';
import { dependentsOf, levelsOf, wavesOf } from './graph';
import type { MemberHead, ReleasesState } from './releases-state';
import type { ReleaseSpec } from './spec';
import type { MemberState, ReleaseState } from './state';

/** What a release would do, without doing it. */
export interface ReleasePlan {
  readonly spec: ReleaseSpec;
  /** Members that are behind, in the order in which they come out. */
  readonly waves: readonly (readonly string[])[];
  /** Member → what goes back when it fails (it among them), in the order of the waves backwards. */
  readonly blast: Readonly<Record<string, readonly string[]>>;
}

/** The release as its file declares it, or else the annotations of its members; with everything that is wrong with it. */
export function declared(
  name: string,
  { file, members }: Pick<ReleasesState, 'file' | 'members'>,
  unserved: ReadonlySet<string> = new Set(),
): Read<ReleaseSpec> {
  const read: Read<ReleaseSpec> =
    file === undefined ? declareFrom(name, Object.values(members)) : { ok: true, value: file };
  if (!read.ok) return read;
  const problems = [...checkRelease(read.value), ...checkMembers(read.value, members, unserved)];
  return problems.length > 0 ? { ok: false, problems } : read;
}

/** A dry run over what is known now: `which` are the members that come out, those that are behind unless told otherwise. */
export function planRelease(
  name: string,
  state: Pick<ReleasesState, 'file' | 'members'>,
  which: readonly string[] = behind(state),
): Read<ReleasePlan> {
  const read = declared(name, state);
  if (!read.ok) return read;
  const spec = read.value;
  const waves = wavesOf(spec.members, new Set(which));
  const order = waves.flat().reverse();
  const blast = Object.fromEntries(
    order.toReversed().map((failed) => {
      const set = goesBack(spec, failed, (other) => order.indexOf(other) > order.indexOf(failed));
      return [failed, order.filter((each) => set.has(each))];
    }),
  );
  return { ok: true, value: { spec, waves, blast } };
}

function behind({ members }: Pick<ReleasesState, 'members'>): readonly string[] {
  return Object.values(members).flatMap(({ application, isBehind }) => (isBehind ? [application] : []));
}

/**
 * What goes back when a member fails. `failed-only` spares what has come out already; members that depend on the failed one and have not
 * begun do not begin, as what they depend on is not there, and Git goes back for them too.
 */
export function goesBack(
  { members, options }: ReleaseSpec,
  failed: string,
  hasBegun: (application: string) => boolean,
): ReadonlySet<string> {
  if (options.rollback === 'all') return new Set(members.map(({ application }) => application));
  const dependents = [...dependentsOf(members, [failed])];
  const counted =
    options.rollback === 'dependents' ? dependents : dependents.filter((each) => !hasBegun(each));
  return new Set([failed, ...counted]);
}

/** What a new release begins with. */
interface Beginning {
  readonly id: string;
  readonly spec: ReleaseSpec;
  /** Those that come out. */
  readonly heads: readonly MemberHead[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly isRetry?: boolean;
}

/** A release at its beginning: its members in waves, none told anything yet. The spec must be without problems. */
export function beginRelease({ id, spec, heads, now, isRetry = false }: Beginning): ReleaseState {
  const known = new Map(spec.members.map((member) => [member.application, member]));
  const levels = levelsOf(spec.members);
  const used = [...new Set(heads.map(({ application }) => levels.get(application) ?? 0))].sort(
    (a, b) => a - b,
  );
  const members = heads.map(({ application, head, pins }): readonly [string, MemberState] => [
    application,
    {
      application,
      dependsOn: known.get(application)?.dependsOn ?? [],
      wave: used.indexOf(levels.get(application) ?? 0),
      revision: head,
      ...(pins === undefined ? {} : { pins }),
      stage: 'waiting',
      message: 'has not begun',
      since: now,
    },
  ]);
  const count = heads.length === 1 ? '1 member' : `${heads.length} members`;
  return {
    id,
    spec,
    phase: 'Progressing',
    message: 'starting',
    since: now,
    startedAt: now,
    members: Object.fromEntries(members),
    ...(isRetry ? { isRetry } : {}),
    log: [{ at: now, text: `${count} in ${used.length === 1 ? '1 wave' : `${used.length} waves`}` }],
  };
}
