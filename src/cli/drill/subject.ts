import type { BelayClient } from '../../client/belay-client';
import { ClientError } from '../../client/client-error';
import type { ApplicationStatus } from '../../domain/application-status';
import { whyNotReady } from '../../domain/drill/ready';
import { lastMember } from '../../domain/drill/release';
import { withoutPrefix } from '../../domain/release/id';
import { declared } from '../../domain/release/plan';
import { UsageError } from '../usage-error';
import { orRefuse } from './breakage';
import { insistently } from './watch-member';

/** What is drilled: one application, or a release of which one member is broken. */
export interface Subject {
  readonly name: string;
  readonly isRelease: boolean;
  /** The one that is broken. */
  readonly faulty: ApplicationStatus;
  /** All of a release; of an application it alone. */
  readonly members: readonly ApplicationStatus[];
}

export interface SubjectRequest {
  /** An application or a release; `release/shop` is always a release. */
  readonly name: string;
  /** Which member of a release is broken; default: the last one in the order. */
  readonly member?: string;
}

/** Finds what a name means: an application of this name comes before a release. */
export async function findSubject(client: BelayClient, { name, member }: SubjectRequest): Promise<Subject> {
  const status = name.startsWith('release/') ? undefined : await applicationOrNothing(client, name);
  if (status === undefined) return releaseSubject(client, withoutPrefix(name), member);
  if (member !== undefined)
    throw new UsageError(
      `${name} is an application, which has no members`,
      `release/${name} names a release`,
    );
  const release = status.spec.release?.release ?? status.state.memberOf;
  if (release !== undefined)
    throw new UsageError(
      `${name} comes out with the release ${release}`,
      `belay drill release/${release} --member ${name}`,
    );
  return { name, isRelease: false, faulty: status, members: [status] };
}

async function applicationOrNothing(
  client: BelayClient,
  name: string,
): Promise<ApplicationStatus | undefined> {
  try {
    return await insistently(() => client.applicationStatus(name));
  } catch (error: unknown) {
    if (error instanceof ClientError && error.code === 'ApplicationNotFound') return undefined;
    throw error;
  }
}

async function releaseSubject(
  client: BelayClient,
  name: string,
  member: string | undefined,
): Promise<Subject> {
  const { releases } = await insistently(() => client.releases.status(name));
  if (releases === undefined)
    throw new UsageError(`${name} names one release of the past`, 'name the release alone');
  const spec = orRefuse(declared(name, releases));
  if (releases.running !== undefined || releases.queued !== undefined)
    throw new ClientError(
      'Rejected',
      `${name} is being released: ${releases.queued?.reason ?? releases.running?.id ?? ''}`,
      {
        remedy: `wait for its end: \`belay release get ${name} -w\``,
      },
    );
  const members = await Promise.all(
    spec.members.map(({ application }) => insistently(() => client.applicationStatus(application))),
  );
  const wanted = member ?? lastMember(spec);
  const faulty = members.find((each) => each.spec.name === wanted);
  if (faulty === undefined)
    throw new UsageError(
      `${name} has no member ${wanted ?? 'at all'}`,
      `it has ${members.map((each) => each.spec.name).join(', ')}`,
    );
  return { name, isRelease: true, faulty, members };
}

/** The branch that is drilled; fails where something must not be drilled now, or another branch was named. */
export function branchOf({ faulty, members }: Subject, branch: string | undefined, now: number): string {
  for (const each of members) {
    const refusal = whyNotReady(each, now);
    if (refusal !== undefined) throw new ClientError('Rejected', refusal.message, { remedy: refusal.remedy });
  }
  const tracked = faulty.state.branch ?? '';
  if (branch !== undefined && tracked !== `refs/heads/${branch}` && tracked !== branch)
    throw new UsageError(
      `${faulty.spec.name} follows ${tracked.replace('refs/heads/', '')}, not ${branch}: nothing would happen`,
      'make an application for drills that follows that branch, or leave --branch out',
    );
  return tracked;
}

/** Members that one commit of the drilled branch reaches, the broken one first. */
export function reached({ faulty, members }: Subject): readonly [ApplicationStatus, ...ApplicationStatus[]] {
  const others = members.filter(
    ({ spec, state }) =>
      spec.name !== faulty.spec.name &&
      spec.source.repoUrl === faulty.spec.source.repoUrl &&
      state.branch === faulty.state.branch,
  );
  return [faulty, ...others];
}

/** The applications that a drill of this name may have changed; a release under way is waited for. */
export async function findDrilled(
  client: BelayClient,
  name: string,
  timeoutMs: number,
): Promise<readonly string[]> {
  const isRelease = name.startsWith('release/') || (await applicationOrNothing(client, name)) === undefined;
  if (!isRelease) return [name];
  const release = withoutPrefix(name);
  const { releases } = await client.releases.waitFor(
    release,
    (status) => status.releases?.running === undefined,
    { timeoutMs },
  );
  return Object.keys(releases?.members ?? {});
}
