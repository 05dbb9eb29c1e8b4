import {
  readSequential,
  startSequential,
  tick,
  verdictOf,
  type MetricSample,
  type PodReading,
  type SequentialConfig,
  type SequentialState,
  type SequentialVerdict,
  type StepSample,
  type TickSample,
} from '../../../src/domain/sequential';

const queries = { canary: 'c', baseline: 'b' };
export const counterFields = { total: queries, bad: queries };
export const histogramFields = { histogram: queries };
export const gaugeFields = { gauge: queries };

/** A configuration as a person would write it; warm-up is off unless it is written. */
export function config(fields: Record<string, unknown> = {}, name = 'errors'): SequentialConfig {
  const isList = 'metrics' in fields || 'histogram' in fields || 'gauge' in fields;
  const read = readSequential({ warmup: '0s', ...(isList ? {} : counterFields), ...fields }, name);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** Requests and bad requests of one pod, as counters. */
export function pod(name: string, total: number, bad?: number): PodReading {
  return { pod: name, total, ...(bad !== undefined && { bad }) };
}

/** A run that is fed tick by tick, ten seconds apart; every state goes through JSON, as a workflow's would. */
export class Run {
  state: SequentialState;
  at = 1_000_000;

  constructor(readonly config: SequentialConfig) {
    this.state = startSequential(config);
  }

  /** One tick; a metric sample stands for the metric `errors`. */
  tick(
    metrics: MetricSample | TickSample['metrics'],
    more: { step?: StepSample; readyAt?: number } = {},
  ): this {
    this.at += 10_000;
    return this.tickAt(this.at, metrics, more);
  }

  tickAt(
    at: number,
    metrics: MetricSample | TickSample['metrics'],
    more: { step?: StepSample; readyAt?: number } = {},
  ): this {
    const byName = 'canary' in metrics && Array.isArray(metrics['canary']) ? { errors: metrics } : metrics;
    const sample = { at, metrics: byName as TickSample['metrics'], ...more };
    this.state = JSON.parse(JSON.stringify(tick(this.config, this.state, sample))) as SequentialState;
    return this;
  }

  get verdict(): SequentialVerdict {
    return verdictOf(this.config, this.state);
  }
}

/** Two pods of either version whose counters grow. */
export class Fleet {
  readonly #counts = new Map<string, [total: number, bad: number]>();

  constructor(
    readonly canaryPods: readonly string[] = ['new-1', 'new-2'],
    readonly baselinePods: readonly string[] = ['old-1', 'old-2'],
  ) {
    for (const name of [...canaryPods, ...baselinePods]) this.#counts.set(name, [0, 0]);
  }

  /** Requests and bad ones that both versions served, in equal parts over their pods. */
  serve(
    [canary, canaryBad]: readonly [number, number],
    [baseline, baselineBad]: readonly [number, number],
  ): this {
    this.#share(this.canaryPods, canary, canaryBad);
    this.#share(this.baselinePods, baseline, baselineBad);
    return this;
  }

  at(name: string, total: number, bad: number): this {
    const [totalBefore = 0, badBefore = 0] = this.#counts.get(name) ?? [];
    this.#counts.set(name, [totalBefore + total, badBefore + bad]);
    return this;
  }

  /** A pod's process starts again: its counters begin at 0. */
  restart(name: string): this {
    this.#counts.set(name, [0, 0]);
    return this;
  }

  read(): MetricSample {
    const readings = (names: readonly string[]) =>
      names.map((name) => pod(name, ...(this.#counts.get(name) ?? [0, 0])));
    return { canary: readings(this.canaryPods), baseline: readings(this.baselinePods) };
  }

  #share(names: readonly string[], total: number, bad: number): void {
    for (const [index, name] of names.entries()) {
      const part = (all: number) => Math.floor((all + index) / names.length);
      this.at(name, part(total), part(bad));
    }
  }
}
