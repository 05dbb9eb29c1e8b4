import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { applicationId } from '../../src/messages/application';
import { nameOf } from './manifests';
import type { Program, Stage } from './stage';
import { percentile, risen, sum } from './statistics';

/** What a piece of work took and cost. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** The worker's requests to the API server, by verb and kind. */
  readonly requests: Readonly<Record<string, number>>;
  readonly requestsPerApplication: number;
  /** Events in an application's history: the median of some. */
  readonly events: number;
  /** Processor seconds. */
  readonly cpu: Readonly<Record<Program, number>>;
  /** MiB of the worker at the end. */
  readonly rss: number;
  /** Of the machine at the end: anything else that runs makes the figures worse. */
  readonly load: number;
}

const sampled = 10;
/** The worker writes its counts once a second. */
const countsLagMs = 1_200;

/** Does a piece of work, which answers how many seconds of it count. */
export async function measure(
  stage: Stage,
  { name, applications }: { readonly name: string; readonly applications: number },
  work: () => Promise<number>,
): Promise<Phase> {
  const before = {
    requests: stage.requests(),
    usage: stage.usage(),
    events: await lengths(stage, applications),
  };
  const seconds = await work();
  await sleep(countsLagMs);
  const usage = stage.usage();
  const requests = risen(before.requests, stage.requests());
  const events = await lengths(stage, applications);
  const programs = Object.keys(usage) as Program[];
  const cpu = programs.map((each) => [each, usage[each].cpu - before.usage[each].cpu] as const);
  const each = cpu.map(([program, used]) => `${program} ${((1000 * used) / applications).toFixed(0)}`);
  process.stderr.write(`${name}: CPU ms per application: ${each.join(', ')}\n`);
  return {
    name,
    seconds,
    requests,
    requestsPerApplication: sum(requests) / applications,
    events: percentile(
      events.map((length, index) => length - (before.events[index] ?? 0)),
      0.5,
    ),
    cpu: Object.fromEntries(cpu) as Record<Program, number>,
    rss: usage.worker.rss,
    load: loadavg()[0] ?? 0,
  };
}

/** How long the histories of some applications are; 0 for one that is not there. */
async function lengths({ temporal }: Stage, applications: number): Promise<readonly number[]> {
  const step = Math.max(1, Math.floor(applications / sampled));
  const names = Array.from({ length: Math.min(sampled, applications) }, (_, index) => nameOf(index * step));
  return Promise.all(
    names.map(async (name) => {
      const known = await temporal.workflow
        .getHandle(applicationId(name))
        .describe()
        .catch(() => undefined);
      return known?.historyLength ?? 0;
    }),
  );
}
