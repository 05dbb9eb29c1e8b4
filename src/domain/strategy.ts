import type { AnalysisRef } from './analysis/spec';
import type { TrafficRouting } from './routing/spec';
import type { HeaderMatch, RouteMatch } from './routing/matches';
import type { SetCanaryScale } from './routed-counts';

/** A share of traffic in whole percent, 0 to 100 (or to `maxTrafficWeight`). */
export type Percent = number;
/** A duration in milliseconds. */
export type Millis = number;
/** A count, or a share such as `25%`, as Kubernetes' IntOrString. */
export type IntOrPercent = number | `${number}%`;

/** One canary step (Argo Rollouts' `CanaryStep`). */
export type RolloutStep =
  | { readonly kind: 'setWeight'; readonly weight: Percent }
  /** Without a duration it waits for a person (`promote`). */
  | { readonly kind: 'pause'; readonly durationMs?: Millis }
  /** Only with a traffic router; it stays in force until the next one. */
  | { readonly kind: 'setCanaryScale'; readonly scale: SetCanaryScale }
  /** Requests with these headers go to the canary; no `match` takes the route away. */
  | { readonly kind: 'setHeaderRoute'; readonly name: string; readonly match: readonly HeaderMatch[] }
  /** A copy of these requests goes to the canary; no `match` takes the route away. */
  | {
      readonly kind: 'setMirrorRoute';
      readonly name: string;
      readonly percentage?: Percent;
      readonly match: readonly RouteMatch[];
    }
  | { readonly kind: 'analysis'; readonly analysis: AnalysisRef }
  | { readonly kind: 'experiment'; readonly experiment: ExperimentSpec };

/** Versions that run beside each other for a while, to be compared (Argo's `experiment` step). */
export interface ExperimentSpec {
  readonly templates: readonly ExperimentTemplate[];
  /** Undefined: as long as its required analyses take. */
  readonly durationMs?: Millis;
  readonly analyses: readonly (AnalysisRef & {
    readonly name: string;
    readonly requiredForCompletion: boolean;
  })[];
  readonly scaleDownDelayMs: Millis;
}

export interface ExperimentTemplate {
  readonly name: string;
  readonly specRef: 'stable' | 'canary';
  /** Default 1. */
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Labels and annotations that running pods carry for the time of their role. */
export interface PodMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Keeps the new version's pods away from nodes with pods of other versions. */
export type AntiAffinity =
  { readonly kind: 'required' } | { readonly kind: 'preferred'; readonly weight: number };

/** What canary and blue-green share. */
export interface VersionedStrategy {
  readonly maxUnavailable: IntOrPercent;
  /** Wait before the old pods go after a promotion; Argo's default: 30 s for blue-green and routed canaries, else 0. */
  readonly scaleDownDelayMs: Millis;
  /** Wait before the new pods go after an abort; undefined for a basic canary (at once). */
  readonly abortScaleDownDelayMs?: Millis;
  readonly antiAffinity?: AntiAffinity;
  /** `canaryMetadata` or `previewMetadata`. */
  readonly canaryMetadata?: PodMetadata;
  /** `stableMetadata` or `activeMetadata`. */
  readonly stableMetadata?: PodMetadata;
  /** `spec.rollbackWindow.revisions`: going back this far needs no steps. */
  readonly rollbackWindow?: number;
  /** False: `progressDeadlineAbort: false` was written; a missed deadline is shown and waited out. */
  readonly abortsOnDeadline?: boolean;
  /** `spec.paused`: a new version waits before its first pod, until Git or a person lets it go. */
  readonly isPaused?: boolean;
}

export interface CanaryStrategy extends VersionedStrategy {
  readonly kind: 'canary';
  readonly steps: readonly RolloutStep[];
  readonly maxSurge: IntOrPercent;
  readonly stableService?: string;
  readonly canaryService?: string;
  /** Undefined: the ratio of the pods carries the weight. */
  readonly routing?: TrafficRouting;
  readonly analysis?: AnalysisRef & { readonly startingStep: number };
  readonly dynamicStableScale?: boolean;
  readonly minPodsPerReplicaSet?: number;
  /** A step's pods count as there when so many are available. */
  readonly replicaProgressThreshold?: IntOrPercent;
}

export interface BlueGreenStrategy extends VersionedStrategy {
  readonly kind: 'blueGreen';
  readonly activeService: string;
  readonly previewService?: string;
  /** Undefined: as many as the workload has. */
  readonly previewReplicaCount?: number;
  readonly autoPromotionEnabled: boolean;
  /** Counted from the moment when the preview is available. */
  readonly autoPromotionMs?: Millis;
  readonly prePromotionAnalysis?: AnalysisRef;
  readonly postPromotionAnalysis?: AnalysisRef;
}

/** StatefulSets by partition and DaemonSets by OnDelete: pods are replaced in place, so stable pods go as new ones come. */
export interface InPlaceStrategy {
  readonly kind: 'inPlace';
  readonly steps: readonly RolloutStep[];
  readonly analysis?: AnalysisRef & { readonly startingStep: number };
  readonly abortsOnDeadline?: boolean;
  readonly isPaused?: boolean;
}

/** Applied as it is and watched: a Deployment that no Rollout refers to. */
export interface RollingStrategy {
  readonly kind: 'rolling';
}

export type Strategy = CanaryStrategy | BlueGreenStrategy | InPlaceStrategy | RollingStrategy;
