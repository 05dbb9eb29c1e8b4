import type { Broken } from './promises';
import type { SeenHistory } from './view';

export const mostEvents = 4_000;
export const largestPayload = 128 * 1024;

const goodEnds = ['RUNNING', 'COMPLETED', 'CONTINUED_AS_NEW'];

/** No workflow has failed, none is stuck at its own code, and histories and payloads stay small. */
export function brokenInHistories(histories: readonly SeenHistory[]): readonly Broken[] {
  if (histories.length === 0) return [{ promise: 'there are histories to look at', found: 'none' }];
  return histories.flatMap((seen) => {
    const where = `${seen.workflowId} (run ${seen.runId})`;
    return [
      ...(goodEnds.includes(seen.status)
        ? []
        : [{ promise: 'no workflow fails or is terminated', found: `${where} is ${seen.status}` }]),
      ...seen.taskFailures.map((failure) => ({
        promise: 'no workflow task fails',
        found: `${where}: ${failure}`,
      })),
      ...(seen.events < mostEvents
        ? []
        : [{ promise: `histories have fewer than ${mostEvents} events`, found: `${where}: ${seen.events}` }]),
      ...(seen.largestPayload < largestPayload
        ? []
        : [
            {
              promise: `payloads are smaller than ${largestPayload / 1024} KiB`,
              found: `${where}: ${seen.largestPayload} bytes`,
            },
          ]),
    ];
  });
}
