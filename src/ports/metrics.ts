import type { Reading } from '../domain/analysis/spec';

export type { Reading } from '../domain/analysis/spec';

export interface Question {
  /** The provider as written in the metric, with every argument filled in: `{prometheus: {...}}`. It may hold secrets. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds: the moment that `now()` means. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** A value of a Secret in the application's namespace; undefined when it does not exist. */
  readonly secret: (name: string, key: string) => Promise<string | undefined>;
}

/**
 * Asks metric systems. One call is one measurement; it never throws for what a provider does, and never puts a secret into a message.
 * Answers above 1 MiB, endless redirects and slow answers are errors.
 */
export interface Metrics {
  /** Kinds of provider that it knows: `prometheus`, `web`, `datadog`, `graphite`, `influxdb`, `cloudWatch`. */
  readonly kinds: readonly string[];
  measure(question: Question): Promise<Reading>;
}
