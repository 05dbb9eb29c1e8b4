import { judgePods, type FirstSeen, type PodVerdict } from '../domain/pod-failure';
import type { PlanOf } from '../domain/plans/plan';
import type { FailureReport, RolloutSpec } from '../domain/rollout-status';
import { configRefs } from '../domain/version-key';
import type { RolloutTools } from './rollout-steps';

type PodInput = Parameters<typeof judgePods>[0];

/** Pods of one version, and what else tells of them. */
export type Side = Pick<PodInput, 'pods' | 'replicaSets'>;

/** The pods of one look. */
export interface Sides extends Pick<PodInput, 'events' | 'arePodsTerminating'> {
  /** Of the version that is judged. */
  readonly judged: Side;
  /** Of the version it replaces: when these fail too, only what the new version alone can cause counts. */
  readonly stable?: Side;
  /** Pod spec of the judged version: the configuration that it refers to is looked for. */
  readonly podSpec?: Readonly<Record<string, unknown>> | undefined;
}

export interface JudgeOptions<V> {
  readonly tools: RolloutTools;
  readonly spec: RolloutSpec;
  /** `ConfigMap/name` and `Secret/name` that something in the same revision can create. */
  readonly generated: readonly string[];
  readonly sides: (view: V) => Sides;
  /** Epoch milliseconds after which waiting is a failure; undefined: as long as it takes. */
  readonly deadlineAt?: ((view: V, now: number) => number | undefined) | undefined;
  /** What its sentences begin with, such as `experiment of step 2: `. */
  readonly subject?: string;
  /** How a missed deadline is told, after the seconds. */
  readonly late?: string;
}

/** A judge of the pods that a step waits for. */
export interface Judge<V> {
  /** Wherever the plan would wait, the pods are judged first. */
  around<A>(plan: (view: V, now: number) => PlanOf<A>): (view: V, now: number) => Promise<PlanOf<A>>;
  /** What was found, once a plan failed because of pods or time. */
  failure(): FailureReport | undefined;
}

/**
 * Failing fast (DESIGN 4), whatever kind of workload the pods belong to: states are classified as they appear. When pods of the stable
 * version fail too, it is not the new one: only what the new version alone can cause counts then, until the deadline.
 */
export function createJudge<V>(options: JudgeOptions<V>): Judge<V> {
  const { tools, spec, generated, sides, deadlineAt, subject = '', late = 'still waiting for' } = options;
  const memory: Record<'judged' | 'stable', FirstSeen> = { judged: {}, stable: {} };
  let report: FailureReport | undefined;

  function look(
    whose: 'judged' | 'stable',
    { judged, stable = { pods: [] }, events, arePodsTerminating }: Sides,
    more: { readonly now: number; readonly existing?: readonly string[]; readonly stableAlsoFails?: boolean },
  ): PodVerdict {
    const side = whose === 'judged' ? judged : stable;
    const going = arePodsTerminating === undefined ? {} : { arePodsTerminating };
    const verdict = judgePods({ ...side, events, ...going, firstSeen: memory[whose], generated, ...more });
    memory[whose] = verdict.firstSeen;
    return verdict;
  }

  async function verdictOf(seen: Sides, now: number): Promise<PodVerdict> {
    const verdict = look('judged', seen, { now });
    if (verdict.kind !== 'failed') return verdict;
    const existing = verdict.code === 'MissingConfig' ? await existingConfig(tools, spec, seen.podSpec) : [];
    const stableAlsoFails = look('stable', seen, { now }).kind === 'failed';
    return look('judged', seen, { now, existing, stableAlsoFails });
  }

  async function judged<A>(view: V, plan: PlanOf<A> & { kind: 'wait' }, now: number): Promise<PlanOf<A>> {
    const verdict = await verdictOf(sides(view), now);
    const deadline = deadlineAt?.(view, now);
    if (verdict.kind === 'failed') {
      const { code, sentence, pod, container } = verdict;
      const where = {
        ...(pod === undefined ? {} : { pod }),
        ...(container === undefined ? {} : { container }),
      };
      report = { code, sentence: `${subject}${sentence}`, at: now, ...where };
    } else {
      const waiting = verdict.kind === 'waiting' ? `${plan.for}: ${verdict.message}` : plan.for;
      if (deadline === undefined || now <= deadline) return { ...plan, for: waiting };
      const isStableToo = verdict.kind === 'waiting' && verdict.reason === 'StableFailsToo';
      const code = isStableToo ? 'StableAlsoFails' : 'ProgressDeadlineExceeded';
      const seconds = Math.round(spec.progressDeadlineMs / 1000);
      report = { code, sentence: `${subject}after ${seconds} s ${late} ${waiting}`, at: now };
    }
    return { kind: 'failed', code: report.code, sentence: report.sentence };
  }

  return {
    around: (plan) => async (view, now) => {
      const next = plan(view, now);
      return next.kind === 'wait' ? judged(view, next, now) : next;
    },
    failure: () => report,
  };
}

/** The configuration that the pods refer to and that is there now: a kubelet's complaint may be older. */
async function existingConfig(
  { ports }: RolloutTools,
  { namespace }: RolloutSpec,
  podSpec: Sides['podSpec'] = {},
): Promise<readonly string[]> {
  const found = await Promise.all(
    configRefs(podSpec).map(async ({ kind, name }) => {
      const live = await ports.cluster.get({ apiVersion: 'v1', kind, namespace, name });
      return live === undefined ? [] : [`${kind}/${name}`];
    }),
  );
  return found.flat();
}
