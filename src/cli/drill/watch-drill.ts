import { setTimeout as sleep } from 'node:timers/promises';
import type { BelayClient } from '../../client/belay-client';
import type { ApplicationStatus } from '../../domain/application-status';
import { bringsTo, endOfRelease, noteRelease, releaseRestoreMs } from '../../domain/drill/release';
import { endOf, noteSeen, restoreMs, type DrillEnd, type Timeline } from '../../domain/drill/timeline';
import type { ReleaseState } from '../../domain/release/state';
import type { RolloutStatus } from '../../domain/rollout-status';
import { lookAtMember, patiently, type MemberSeen } from './watch-member';

const everyMs = 250;

export interface Watched {
  /** The broken application first. */
  readonly applications: readonly string[];
  /** The release that they come out with, where they do. */
  readonly release?: string;
  /** The drill's commit. */
  readonly revision: string;
  readonly pushedAt: number;
  readonly timeoutMs: number;
  readonly stopped: AbortSignal;
  /** Each time that something stands otherwise. */
  readonly say: (line: string) => void;
  /** Each time that rollouts of the broken application are seen which bring the drill's commit. */
  readonly meanwhile?: (rollouts: readonly RolloutStatus[]) => Promise<void>;
}

export interface DrillSeen {
  readonly end: DrillEnd;
  readonly timeline: Timeline;
  readonly restoreMs: number | undefined;
  /** What was seen last of each application. */
  readonly members: readonly MemberSeen[];
  readonly release: ReleaseState | undefined;
}

/** Looks at statuses until the drill's commit has ended one way or the other. A worker that is away is waited for. */
export async function watchDrill(client: BelayClient, watched: Watched): Promise<DrillSeen> {
  const { pushedAt, timeoutMs, stopped } = watched;
  let seen = nothingSeen(watched);
  while (!stopped.aborted) {
    seen = await look(client, watched, seen);
    if (seen.end !== 'interrupted') return { ...seen, members: await lookAgain(client, watched, seen) };
    if (Date.now() > pushedAt + timeoutMs) return { ...seen, end: 'timedOut' };
    await watched.meanwhile?.([...(seen.members[0]?.rollouts.values() ?? [])]);
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
  return seen;
}

/** As long as nothing has ended, the drill would be interrupted if it stopped. */
function nothingSeen({ applications, pushedAt }: Watched): DrillSeen {
  const members = applications.map((name) => ({ name, status: undefined, rollouts: new Map() }));
  return { end: 'interrupted', timeline: { pushedAt }, restoreMs: undefined, members, release: undefined };
}

async function look(client: BelayClient, watched: Watched, before: DrillSeen): Promise<DrillSeen> {
  const { revision, release: name } = watched;
  const members = await Promise.all(before.members.map((each) => lookAtMember(client, each, revision)));
  const statuses = members.flatMap(({ status }) => status ?? []);
  const rollouts = members.flatMap((each) => [...each.rollouts.values()]);
  const [faulty] = members;
  const now = Date.now();
  if (name === undefined) {
    const status = faulty?.status;
    if (status === undefined) return { ...before, members };
    watched.say(lineOf(status));
    const timeline = noteSeen(before.timeline, { status, rollouts }, revision, now);
    const end = endOf(status, revision) ?? 'interrupted';
    return { ...before, end, timeline, restoreMs: restoreMs(rollouts), members };
  }
  const found = (await patiently(() => client.releases.status(name)))?.release;
  const isOurs = found !== undefined && faulty !== undefined && bringsTo(found, faulty.name, revision);
  const release = isOurs ? found : before.release;
  if (release !== undefined) watched.say(`${name}: ${release.phase}: ${release.message}`);
  const seen = { release, members: statuses, rollouts };
  const timeline = noteRelease(before.timeline, seen, now);
  const isComplete = statuses.length === members.length;
  const end = (isComplete ? endOfRelease(seen) : undefined) ?? 'interrupted';
  return { end, timeline, restoreMs: releaseRestoreMs(seen), members, release };
}

/** A rollout may have come and gone between two looks: an application's last one is asked for by name. */
function lookAgain(
  client: BelayClient,
  { revision }: Watched,
  { members }: DrillSeen,
): Promise<readonly MemberSeen[]> {
  return Promise.all(
    members.map(async (member) => {
      const again = await lookAtMember(client, member, revision);
      if (again.rollouts.size > 0) return again;
      const last = await patiently(() => client.rolloutStatus(member.name));
      if (last?.spec.target.revision !== revision) return again;
      return { ...again, rollouts: new Map<string, RolloutStatus>([[member.name, last]]) };
    }),
  );
}

function lineOf({ spec, sync, health, message }: ApplicationStatus): string {
  return `${spec.name}: ${sync}, ${health}: ${message}`;
}
