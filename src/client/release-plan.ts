import type { ApplicationDiff } from '../domain/diff/application-diff';
import type { Problem } from '../domain/problem';
import { planRelease } from '../domain/release/plan';
import type { ReleaseOptions } from '../domain/release/spec';
import { releasesQuery } from '../messages/release';
import type { CheckResult } from '../messages/check';
import { applicationStatus } from './applications';
import { checkApplication } from './checks';
import { ClientError } from './client-error';
import { diffApplication } from './diff';
import { inParallel } from './in-parallel';
import { parseReleaseTarget, releasesSubject } from './release-target';
import { query, type Session } from './session';

/** What a release would do now. */
export interface PlannedRelease {
  readonly name: string;
  /** Why nothing can be released; then there is no order. */
  readonly problems: readonly Problem[];
  readonly options?: ReleaseOptions;
  /** Those that would come out, in the order of the waves. */
  readonly members: readonly PlannedMember[];
  /** Members that Git has nothing new for. */
  readonly unchanged: readonly string[];
}

export interface PlannedMember {
  readonly application: string;
  /** From 0. */
  readonly wave: number;
  readonly dependsOn: readonly string[];
  /** The good revision now; absent: a first deployment, or nobody answered. */
  readonly from?: string;
  readonly to: string;
  readonly isAutomated: boolean;
  /** What goes back if this one fails, itself among them. */
  readonly goesBack: readonly string[];
  /** With `objects`: what differs from the cluster, and what a sync would refuse. */
  readonly diff?: ApplicationDiff;
  readonly check?: Pick<CheckResult, 'problems' | 'warnings'>;
  /** Why the member could not be looked at. */
  readonly unanswered?: string;
}

/** Questions to applications, which their workflows answer. */
const questionsAtOnce = 16;
/** Comparisons and checks, each of which renders a revision and asks an API server about all its objects. */
const comparisonsAtOnce = 4;

/**
 * What a release would do if it began now; nothing is changed. With `objects` each member's objects are compared with the cluster and
 * checked as before a sync, without check Jobs. Needs a live worker.
 */
export async function planOfRelease(
  session: Session,
  target: string,
  { objects = false }: { readonly objects?: boolean } = {},
): Promise<PlannedRelease> {
  const { name } = parseReleaseTarget(target);
  const state = await query(session, releasesSubject(name), releasesQuery);
  const read = planRelease(name, state);
  if (!read.ok) return { name, problems: read.problems, members: [], unchanged: [] };
  const { spec, waves, blast } = read.value;
  const members = waves.flatMap((wave, index) =>
    wave.map((application): Omit<PlannedMember, 'from'> => {
      const { head = '', isAutomated = false } = state.members[application] ?? {};
      const { dependsOn = [] } = spec.members.find((each) => each.application === application) ?? {};
      const goesBack = blast[application] ?? [];
      return { application, wave: index, dependsOn, to: head, isAutomated, goesBack };
    }),
  );
  const known = await inParallel(members, questionsAtOnce, (each) => withGood(session, each));
  const looked = objects
    ? await inParallel(known, comparisonsAtOnce, (each) => compared(session, each))
    : known;
  const behind = new Set(members.map(({ application }) => application));
  const unchanged = spec.members.map((each) => each.application).filter((each) => !behind.has(each));
  return { name, problems: [], options: spec.options, members: looked, unchanged };
}

async function withGood(session: Session, member: PlannedMember): Promise<PlannedMember> {
  return orUnanswered(member, async () => {
    const { state } = await applicationStatus(session, member.application);
    return state.good === undefined ? member : { ...member, from: state.good.revision };
  });
}

async function compared(session: Session, member: PlannedMember): Promise<PlannedMember> {
  const { application, to, unanswered } = member;
  if (unanswered !== undefined) return member;
  return orUnanswered(member, async () => {
    const [diff, { problems, warnings }] = await Promise.all([
      diffApplication(session, application, to),
      checkApplication(session, application, { names: [to], jobs: false }),
    ]);
    return { ...member, diff, check: { problems, warnings } };
  });
}

/** One member that does not answer does not hide the others. */
async function orUnanswered(
  member: PlannedMember,
  look: () => Promise<PlannedMember>,
): Promise<PlannedMember> {
  try {
    return await look();
  } catch (error: unknown) {
    if (!(error instanceof ClientError)) throw error;
    return { ...member, unanswered: error.message };
  }
}
