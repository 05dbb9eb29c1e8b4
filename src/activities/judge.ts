import { judgePods, type FirstSeen, type PodVerdict } from '../domain/pod-failure';
import type { Plan } from '../domain/plans/plan';
import type { FailureReport, RolloutSpec } from '../domain/rollout-status';
import { configRefs } from '../domain/version-key';
import type { KubeObject } from '../domain/kube-object';
import type { RolloutTools } from './rollout-steps';

/** Any plan whose waits may be judged; only what it does differs. */
export type PlanOf<A> =
  Exclude<Plan, { kind: 'act' }> | { readonly kind: 'act'; readonly actions: readonly A[] };

/** The pods of one look. */
export interface Sides {
  /** Of the version that is judged. */
  readonly judged: readonly KubeObject[];
  /** Of the version it replaces: when these fail too, only what the new version alone can cause counts. */
  readonly stable: readonly KubeObject[];
  readonly events: readonly KubeObject[];
  /** Pod spec of the judged version. */
  readonly podSpec: Readonly<Record<string, unknown>> | undefined;
}

export interface JudgeOptions<V> {
  readonly tools: RolloutTools;
  readonly spec: RolloutSpec;
  /** `ConfigMap/name` and `Secret/name` that something in the same revision can create. */
  readonly generated: readonly string[];
  readonly sides: (view: V) => Sides;
  /** Epoch milliseconds after which waiting is a failure; undefined: as long as it takes. */
  readonly deadlineAt: (view: V, now: number) => number | undefined;
}

/** Judges pods wherever a plan would wait (DESIGN 4, "Failing fast"), whatever kind of workload they belong to. */
export function createJudge<V>({ tools, spec, generated, sides, deadlineAt }: JudgeOptions<V>) {
  const memory: Record<'judged' | 'stable', FirstSeen> = { judged: {}, stable: {} };
  let report: FailureReport | undefined;

  function look(
    whose: 'judged' | 'stable',
    seen: Sides,
    more: { now: number; existing?: readonly string[]; stableAlsoFails?: boolean },
  ): PodVerdict {
    const { events } = seen;
    const verdict = judgePods({ pods: seen[whose], events, firstSeen: memory[whose], generated, ...more });
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
    const deadline = deadlineAt(view, now);
    if (verdict.kind === 'failed') {
      const { code, sentence, pod, container } = verdict;
      const where = {
        ...(pod === undefined ? {} : { pod }),
        ...(container === undefined ? {} : { container }),
      };
      report = { code, sentence, at: now, ...where };
    } else {
      const waiting = verdict.kind === 'waiting' ? `${plan.for}: ${verdict.message}` : plan.for;
      if (deadline === undefined || now <= deadline) return { ...plan, for: waiting };
      const isStableToo = verdict.kind === 'waiting' && verdict.reason === 'StableFailsToo';
      const code = isStableToo ? 'StableAlsoFails' : 'ProgressDeadlineExceeded';
      const sentence = `after ${Math.round(spec.progressDeadlineMs / 1000)} s without progress still waiting for ${waiting}`;
      report = { code, sentence, at: now };
    }
    return { kind: 'failed', code: report.code, sentence: report.sentence };
  }

  return {
    around:
      <A>(plan: (view: V, now: number) => PlanOf<A>) =>
      async (view: V, now: number): Promise<PlanOf<A>> => {
        const next = plan(view, now);
        return next.kind === 'wait' ? judged<A>(view, next, now) : next;
      },
    /** What was found, once a plan failed because of pods or time. */
    failure: (): FailureReport | undefined => report,
  };
}

/** The configuration that the pods refer to and that is there now: a kubelet's complaint may be older. */
async function existingConfig(
  { ports }: RolloutTools,
  { namespace }: RolloutSpec,
  podSpec: Sides['podSpec'],
): Promise<readonly string[]> {
  const found = await Promise.all(
    configRefs(podSpec ?? {}).map(async ({ kind, name }) => {
      const live = await ports.cluster.get({ apiVersion: 'v1', kind, namespace, name });
      return live === undefined ? [] : [`${kind}/${name}`];
    }),
  );
  return found.flat();
}
