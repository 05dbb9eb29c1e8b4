import type { ApplicationSpec } from '../domain/application-spec';
import { emptyState, mirrorOf, type ApplicationState } from '../domain/application-state';
import { decideSync } from '../domain/decide-sync';
import { delivered as deliveredState, goodEnd, recorded } from '../domain/delivered-state';
import type { RevisionPlan } from '../domain/revision-plan';
import { settled } from '../domain/settled';
import type { Beat } from './beating';
import { mirrorAndKeep } from './bookkeeping';
import type { Ports } from './ports';
import type { Applier, ApplyResult } from './sync';

/** What a delivery without a rollout needs to know. */
export interface AtOnce {
  /** The application's state, as it is mirrored. */
  readonly state: Partial<ApplicationState>;
  readonly prune: boolean;
}

/** What was done; `at`: epoch milliseconds, as the mirrored state has it. */
export type AtOnceDone = (
  | { readonly kind: 'unchanged' }
  /** With problems nothing was applied. */
  | { readonly kind: 'applied'; readonly result: ApplyResult }
) & {
  readonly at: number;
  /** The state after that is mirrored already. */
  readonly isMirrored: boolean;
};

interface Delivery extends AtOnce {
  readonly spec: ApplicationSpec;
  readonly plan: RevisionPlan;
  readonly delivered: string | undefined;
}

/**
 * Delivers a revision that takes nothing but an apply, in the activity that has read it, and mirrors the state that the workflow will
 * have then. Undefined where it takes more, or nothing may be deployed: a rollout, steps, checks, a version in quarantine, a revision
 * without objects. Done twice it finds nothing to apply and writes the same mirror.
 */
export function createAtOnce(
  ports: Pick<Ports, 'cluster' | 'git'>,
  apply: Applier,
): (delivery: Delivery, beat: Beat) => Promise<AtOnceDone | undefined> {
  async function mirror(spec: ApplicationSpec, state: ApplicationState): Promise<boolean> {
    const text = JSON.stringify({ ...mirrorOf(state), spec });
    const keep = state.good === undefined ? {} : { keep: state.good };
    return mirrorAndKeep(ports, { spec, state: text, ...keep }).then(
      () => true,
      () => false, // the workflow does it
    );
  }

  return async ({ spec, plan, state, delivered, prune }, beat) => {
    const before = { ...emptyState, ...state };
    if (!isPlain(before, plan)) return undefined;
    const { revision, pins, content } = plan;
    if (content !== undefined && content === delivered) {
      const at = Date.now();
      const left = { unpruned: before.unpruned ?? [], unconfirmed: [] };
      const after = { ...before, ...deliveredState(plan, left, at) };
      return { kind: 'unchanged', at, isMirrored: await mirror(spec, after) };
    }
    const treatments = settled(before);
    const input = { spec, revision, stage: 'after', treatments, fix: true, prune, trust: true } as const;
    const result = await apply(pins === undefined ? input : { ...input, pins }, beat);
    const at = Date.now();
    if (result.problems.length > 0) return { kind: 'applied', result, at, isMirrored: false };
    const { unpruned, unconfirmed = [] } = result;
    const limit = spec.revisionHistoryLimit;
    const after = {
      ...before,
      ...(content === undefined ? {} : { applied: content }),
      ...deliveredState(plan, { unpruned, unconfirmed }, at),
      history: recorded(before.history, plan, goodEnd(before, plan, []), { at, limit }),
    };
    return { kind: 'applied', result, at, isMirrored: await mirror(spec, after) };
  };
}

function isPlain(state: ApplicationState, plan: RevisionPlan): boolean {
  const { steps, checks = [], objects } = plan;
  if (steps !== undefined || checks.length > 0 || objects === 0) return false;
  const decision = decideSync(state, plan);
  return decision.kind === 'sync' && decision.rolling.length === 0;
}
