import { namesOf, readyAt } from '../domain/analysis/pod-sides';
import type { Reading } from '../domain/analysis/spec';
import {
  podLabelOf,
  promQl,
  promQlByQuery,
  sampleOfSeries,
  type PodSides,
  type SequentialConfig,
  type Series,
  type TickSample,
} from '../domain/sequential';
import type { Measuring } from './measuring';
import { readPods } from './sequential-pods';
import { podsOfVersions } from './version-pods';

/** What one look found. `nothing`: there was an answer, and no counters in it. */
export type Answer =
  | { readonly kind: 'read'; readonly at: number; readonly metrics: TickSample['metrics'] }
  | { readonly kind: 'nothing'; readonly why: string }
  | (Reading & { readonly kind: 'error' });

/** Asks for one PromQL expression, with what the metric says about its server. */
export type Ask = (query: string) => Promise<Reading>;

/** Reads the counters of both versions once, from Prometheus or from the pods, and when the last canary pod became ready. */
export async function readCounters(
  measuring: Measuring,
  config: SequentialConfig,
  { ask, now }: { readonly ask: Ask; readonly now: number },
): Promise<{ readonly answer: Answer; readonly readyAt: number | undefined }> {
  const { cluster } = measuring.tools.ports;
  const { signal } = measuring.beat;
  const pods = await podsOfVersions(measuring);
  const answer =
    config.scrape === undefined
      ? await askPrometheus(config, namesOf(pods), ask)
      : await readPods(cluster, config, { pods, at: now, signal });
  return { answer, readyAt: readyAt(pods.canary) };
}

async function askPrometheus(config: SequentialConfig, names: PodSides, ask: Ask): Promise<Answer> {
  const reading = await ask(promQl(config));
  if (reading.kind === 'error') return reading.isUnreachable ? reading : wrongQuery(config, ask, reading);
  const series = reading.value as readonly Series[];
  const { at, metrics } = sampleOfSeries(config, series, names);
  if (at !== undefined) return { kind: 'read', at, metrics };
  return { kind: 'nothing', why: `its queries find no series with the label ${podLabelOf(config)}` };
}

/** The one query for everything was refused: which part of it is wrong. */
async function wrongQuery(
  config: SequentialConfig,
  ask: Ask,
  whole: Reading & { readonly kind: 'error' },
): Promise<Answer> {
  for (const { what, query } of promQlByQuery(config)) {
    const reading = await ask(query);
    if (reading.kind === 'error') return { ...reading, message: `${what}: ${reading.message}` };
  }
  return whole;
}
