import { setTimeout as sleep } from 'node:timers/promises';
import type { BelayClient } from '../../client/belay-client';
import { ClientError, type ClientErrorCode } from '../../client/client-error';
import type { ApplicationStatus } from '../../domain/application-status';
import type { RolloutStatus } from '../../domain/rollout-status';

/** One application, as it was seen last. */
export interface MemberSeen {
  readonly name: string;
  /** Undefined where nobody has answered at all. */
  readonly status: ApplicationStatus | undefined;
  /** Its rollouts of the drill's commit, by workflow id. */
  readonly rollouts: ReadonlyMap<string, RolloutStatus>;
}

/** Looks at an application and at its rollouts: those in progress, and those that were; the last look at one is after its end. */
export async function lookAtMember(
  client: BelayClient,
  { name, status: before, rollouts: known }: MemberSeen,
  revision: string,
): Promise<MemberSeen> {
  const status = (await patiently(() => client.applicationStatus(name))) ?? before;
  const rollouts = new Map(known);
  for (const id of new Set([...(status?.rollouts ?? []), ...known.keys()])) {
    if (rollouts.get(id)?.endedAt !== undefined) continue;
    const rollout = await patiently(() => client.rolloutStatus(id));
    if (rollout?.spec.target.revision === revision) rollouts.set(id, rollout);
  }
  return { name, status, rollouts };
}

const away: readonly ClientErrorCode[] = ['NoWorker', 'Stuck', 'Unreachable'];
const passing: readonly ClientErrorCode[] = [...away, 'NoRollout', 'RolloutNotFound', 'SeveralRollouts'];
const mostTries = 6;

/** Asks again where a worker is away or overloaded: a drill does not fail for what passes. */
export async function insistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error: unknown) {
      if (!(error instanceof ClientError) || !away.includes(error.code) || tries >= mostTries) throw error;
    }
    await sleep(1_000);
  }
}

/** Undefined where nobody answers just now, or there is nothing to answer. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error: unknown) {
    if (error instanceof ClientError && passing.includes(error.code)) return undefined;
    throw error;
  }
}
