import type { ProbeCount } from '../../domain/drill/scorecard';

/** Ten requests a second. */
const everyMs = 100;
const answerWithinMs = 2_000;

/** Requests at a steady rate, until they are stopped. */
export interface Probe {
  /** So far. */
  count(): ProbeCount;
  /** Sends no more, waits for the answers that are outstanding, and counts. */
  stop(): Promise<ProbeCount>;
}

/** Starts to ask a URL; each request has a connection's whole way, and no answer is waited for before the next is sent. */
export function startProbe(url: string): Probe {
  let sent = 0;
  let lost = 0;
  let slowestMs = 0;
  let firstLoss: string | undefined;
  const outstanding = new Set<Promise<void>>();
  const ask = async (): Promise<void> => {
    const began = Date.now();
    const loss = await lossOf(url);
    slowestMs = Math.max(slowestMs, Date.now() - began);
    if (loss === undefined) return;
    lost += 1;
    firstLoss ??= loss;
  };
  const timer = setInterval(() => {
    sent += 1;
    const asked = ask().finally(() => outstanding.delete(asked));
    outstanding.add(asked);
  }, everyMs);
  const count = (): ProbeCount => ({
    url,
    sent,
    lost,
    slowestMs,
    ...(firstLoss === undefined ? {} : { firstLoss }),
  });
  return {
    count,
    async stop() {
      clearInterval(timer);
      await Promise.all(outstanding);
      return count();
    },
  };
}

/** Why a request counts as lost: no answer in time, or one of a server that failed. Undefined: it was answered. */
export async function lossOf(url: string): Promise<string | undefined> {
  try {
    const options = { redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) } as const;
    const response = await fetch(url, options);
    await response.arrayBuffer();
    return response.status >= 500 ? `status ${response.status}` : undefined;
  } catch (error: unknown) {
    const { cause = error } = error as { readonly cause?: unknown };
    const { message, code } = cause as { readonly message?: unknown; readonly code?: unknown };
    const said = [message, code].find((each) => typeof each === 'string' && each !== '');
    return typeof said === 'string' ? said : 'no answer';
  }
}
