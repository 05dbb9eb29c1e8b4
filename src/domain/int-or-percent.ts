import type { Read } from './problem';
import type { IntOrPercent } from './strategy';

/** The two bounds of a move, in pods, for one size of the workload. */
export interface Fenceposts {
  /** Pods allowed above the wanted number. */
  readonly surge: number;
  /** Pods that may be missing from the wanted number. */
  readonly unavailable: number;
}

/**
 * Reads a count or a percentage as it stands in YAML (`3`, `"25%"`).
 * A quoted number without `%` is a percentage: so Argo Rollouts reads it (intstr's old parser), and its own default is `"25"`.
 */
export function readIntOrPercent(value: unknown, field: string): Read<IntOrPercent> {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return { ok: true, value };
  const share = typeof value === 'string' ? /^(\d{1,9})%?$/.exec(value)?.[1] : undefined;
  if (share !== undefined) return { ok: true, value: `${Number(share)}%` };
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const message = `${shown} is neither a whole number of pods nor a percentage`;
  const remedy = 'write a number such as 1 or a percentage such as "25%", not below 0';
  return { ok: false, problems: [{ code: 'InvalidSpec', message, field, value: shown, remedy }] };
}

/** The number of pods that `value` means for a workload of `replicas` pods (Kubernetes' GetScaledValueFromIntOrPercent). */
export function resolveIntOrPercent(value: IntOrPercent, replicas: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const exact = (Number.parseInt(value, 10) * replicas) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/**
 * Both bounds together: surge rounds up, unavailable rounds down and is at most `replicas`; if both come to 0 one pod may be
 * missing, or nothing could ever move (Argo Rollouts, `resolveFenceposts` and `MaxUnavailable` in utils/replicaset).
 */
export function resolveFenceposts(input: {
  readonly replicas: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
}): Fenceposts {
  const surge = resolveIntOrPercent(input.maxSurge, input.replicas, 'up');
  const missing = resolveIntOrPercent(input.maxUnavailable, input.replicas, 'down');
  const unavailable = surge === 0 && missing === 0 ? 1 : missing;
  return { surge, unavailable: Math.min(unavailable, input.replicas) };
}
