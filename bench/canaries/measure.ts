import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestsByVerb } from '../gitops/server-metrics';
import { risen } from '../gitops/statistics';
import type { Usage } from '../gitops/usage';

/** What can be read of a system at any moment. */
export interface Meters {
  usage(): Readonly<Record<string, Usage>>;
  /** The controller's own requests so far. */
  requests(): Promise<Readonly<Record<string, number>>>;
  /** The API server's own metrics, as text. */
  metrics(): Promise<string>;
}

export interface Costs {
  /** Processor seconds by program. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly all: Readonly<Record<string, number>>;
  readonly load: readonly number[];
}

/** What is left to do when all canaries are Healthy, such as mirrored state, is part of the cost; counts are written once a second. */
const settleMs = 3_000;

/** Does a piece of work and answers what it cost. */
export async function costsOf<T>(
  meters: Meters,
  work: () => Promise<T>,
): Promise<Costs & { readonly done: T }> {
  const before = { usage: meters.usage(), requests: await meters.requests(), all: await meters.metrics() };
  const [start = 0] = loadavg();
  const done = await work();
  const [end = 0] = loadavg();
  await sleep(settleMs);
  const usage = meters.usage();
  const cpu = Object.entries(usage).map(
    ([program, used]) => [program, used.cpu - (before.usage[program]?.cpu ?? 0)] as const,
  );
  return {
    done,
    cpu: Object.fromEntries(cpu),
    requests: risen(before.requests, await meters.requests()),
    all: risen(requestsByVerb(before.all), requestsByVerb(await meters.metrics())),
    load: [start, end],
  };
}
