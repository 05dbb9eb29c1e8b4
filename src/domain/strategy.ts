/** A share of traffic in whole percent, 0 to 100. */
export type Percent = number;
/** A duration in milliseconds. */
export type Millis = number;
/** A count, or a share such as `25%`, as Kubernetes' IntOrString. */
export type IntOrPercent = number | `${number}%`;

export type RolloutStep =
  | { readonly kind: 'setWeight'; readonly weight: Percent }
  /** Without a duration it waits for a person (`promote`). */
  | { readonly kind: 'pause'; readonly durationMs?: Millis };

export interface CanaryStrategy {
  readonly kind: 'canary';
  readonly steps: readonly RolloutStep[];
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly stableService?: string;
  readonly canaryService?: string;
  /** Wait before the old pods go after a promotion; 0 without a traffic router (Argo's default). */
  readonly scaleDownDelayMs: Millis;
}

/** Applied as it is and watched: a Deployment that no Rollout refers to. */
export interface RollingStrategy {
  readonly kind: 'rolling';
}

export type Strategy = CanaryStrategy | RollingStrategy;
