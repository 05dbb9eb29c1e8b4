import type { History, SequentialReport, SequentialVerdict } from '../sequential';
import type { Millis } from '../strategy';

/** A reference to analysis templates from a step, a background analysis or an experiment. */
export interface AnalysisRef {
  readonly templates: readonly { readonly templateName: string; readonly clusterScope: boolean }[];
  readonly args: readonly AnalysisArg[];
  /** Regular expressions over metric names whose result counts for nothing. */
  readonly dryRun: readonly string[];
  readonly measurementRetention: readonly { readonly metricName: string; readonly limit: number }[];
}

/** An argument of an analysis; `missing` has to be given by whoever refers to the template. */
export interface AnalysisArg {
  readonly name: string;
  readonly source: ArgSource;
}

export type ArgSource =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'secret'; readonly name: string; readonly key: string }
  /** `metadata.`, `spec.` or `status.` path of the Rollout. */
  | { readonly kind: 'field'; readonly fieldPath: string }
  | { readonly kind: 'hash'; readonly of: 'Stable' | 'Latest' }
  | { readonly kind: 'missing' };

/** What happens when an analysis fails: annotation `belay.dev/on-failure` of its template. */
export type OnFailure = 'revert' | 'pause' | 'notify';

/** An AnalysisTemplate or ClusterAnalysisTemplate as it is read from Git, before arguments are known. */
export interface AnalysisTemplate {
  readonly kind: 'AnalysisTemplate' | 'ClusterAnalysisTemplate';
  readonly name: string;
  readonly args: readonly AnalysisArg[];
  readonly metrics: readonly MetricTemplate[];
  readonly dryRun: readonly string[];
  readonly measurementRetention: readonly { readonly metricName: string; readonly limit: number }[];
  /** Nested templates. */
  readonly templates: readonly { readonly templateName: string; readonly clusterScope: boolean }[];
  readonly onFailure: OnFailure;
  /** Annotation `belay.dev/telemetry-hold`: how long an unreachable provider holds a rollout before it fails it; default 15 min. */
  readonly holdMs: Millis;
}

/** A metric as written: strings may hold `{{args.x}}`. */
export interface MetricTemplate {
  readonly name: string;
  /** Duration text. */
  readonly interval?: string;
  readonly initialDelay?: string;
  /** Integers may be text with `{{args.x}}`. */
  readonly count?: string;
  readonly failureLimit?: string;
  readonly inconclusiveLimit?: string;
  readonly consecutiveErrorLimit?: string;
  readonly consecutiveSuccessLimit?: string;
  readonly successCondition?: string;
  readonly failureCondition?: string;
  /** As written, one key: `{prometheus: {...}}`. */
  readonly provider: Readonly<Record<string, unknown>>;
}

/** A metric whose arguments are filled in, except those from Secrets: they stay as `{{args.x}}` in `provider` until they are used. */
export interface MetricSpec {
  readonly name: string;
  readonly intervalMs?: Millis;
  readonly initialDelayMs: Millis;
  /** Undefined: until it is stopped. */
  readonly count?: number;
  /** -1: none. */
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  readonly consecutiveSuccessLimit: number;
  readonly successCondition?: string;
  readonly failureCondition?: string;
  readonly provider: Readonly<Record<string, unknown>>;
  readonly isDryRun: boolean;
  /** Measurements that are kept; default 10. */
  readonly retention: number;
  readonly onFailure: OnFailure;
  readonly holdMs: Millis;
}

export type AnalysisPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

/** One answer of a metric provider. */
export type Reading =
  /** `value`: what conditions see as `result`: a number, a text, a list, any JSON. `null`: the provider had no data. */
  | { readonly kind: 'value'; readonly value: unknown; readonly metadata?: Readonly<Record<string, string>> }
  /** `isUnreachable`: nothing is known of the application (refused, timed out, 5xx, TLS); else the question was wrong. */
  | { readonly kind: 'error'; readonly message: string; readonly isUnreachable: boolean };

/** One judged answer. `Running` without `finishedAt` while something that takes long, such as a Job, is under way. */
export interface Measurement {
  readonly phase: AnalysisPhase;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** When a measurement under way is looked at again. */
  readonly resumeAt?: number;
  /** An error that says nothing about the application: its provider could not be asked. */
  readonly isUnreachable?: true;
  /** The value as text, at most 200 characters. */
  readonly value?: string;
  readonly message?: string;
  /** Facts of the provider, e.g. the name of a Job. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One metric of a run: counts since its start, and the newest measurements, oldest first. */
export interface MetricRun {
  readonly name: string;
  readonly phase: AnalysisPhase;
  readonly message?: string;
  readonly count: number;
  readonly successful: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly error: number;
  readonly consecutiveError: number;
  readonly consecutiveSuccess: number;
  readonly measurements: readonly Measurement[];
  /** Errors since the last good reading that were answers, so no outage. */
  readonly consecutiveAnsweredError?: number;
  /** Since when its provider cannot be reached: no good reading came after this; undefined when it can. */
  readonly unreachableSince?: number;
  /** Its result counts for nothing. */
  readonly isDryRun?: true;
  /** What its failure asks for, when that is not a revert. */
  readonly onFailure?: OnFailure;
  /** What a sequential metric shows of itself; its verdict decides instead of conditions and limits. */
  readonly sequential?: SequentialView;
  /** Why the newest look of a judge is inconclusive: so it ends when no later one follows. */
  readonly unclear?: string;
  /** State of a provider that remembers (the sequential metric), at most about 45 KB of JSON; gone when the metric is over. */
  readonly memory?: unknown;
}

/** A sequential metric at its last look: small, and complete for a reader. */
export interface SequentialView extends SequentialVerdict {
  /** The stage of the rollout that the evidence for promotion is about: 0 before the first weight. */
  readonly stage: number;
  /** A pause ends when the stage is earned. */
  readonly endsPause?: true;
  /** Since when nothing can be told. */
  readonly heldSince?: number;
  readonly history: History;
  readonly report: SequentialReport;
}

/** The state of an analysis: small JSON that travels in a workflow's history. Times are epoch milliseconds. */
export interface AnalysisRun {
  readonly startedAt: number;
  readonly phase: AnalysisPhase;
  readonly message?: string;
  readonly metrics: readonly MetricRun[];
  /** When it was over. */
  readonly finishedAt?: number;
  /** What the failing metric asks for; only of a run that is Failed or in Error. */
  readonly onFailure?: OnFailure;
}
