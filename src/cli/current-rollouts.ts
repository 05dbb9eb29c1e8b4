import type { BelayClient } from '../client/belay-client';
import { ClientError } from '../client/client-error';
import type { ApplicationStatus } from '../domain/application-status';
import type { RolloutStatus } from '../domain/rollout-status';

/**
 * The rollouts in progress of an application, in its order. One that ended just now, or does not answer, is undefined: it does not
 * keep the application from being shown.
 */
export function currentRollouts(
  client: BelayClient,
  { rollouts }: ApplicationStatus,
): Promise<readonly (RolloutStatus | undefined)[]> {
  return Promise.all(rollouts.map((id) => rolloutOrNothing(client, id)));
}

async function rolloutOrNothing(client: BelayClient, id: string): Promise<RolloutStatus | undefined> {
  try {
    return await client.rolloutStatus(id);
  } catch (error: unknown) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}
