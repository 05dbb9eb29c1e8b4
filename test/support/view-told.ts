import type { Action, Plan } from '../../src/domain/plans/plan';

type AnyPlan =
  | Exclude<Plan, { kind: 'act' }>
  | { readonly kind: 'act'; readonly actions: readonly { readonly why: string }[] };

/** A plan as one line each: what it does, what it waits for, or why it stops. */
export function told(plan: AnyPlan): readonly string[] {
  switch (plan.kind) {
    case 'act':
      return plan.actions.map((action) => action.why);
    case 'wait':
      return [`wait for ${plan.for}`];
    case 'failed':
      return [`${plan.code}: ${plan.sentence}`];
    case 'done':
      return ['done'];
  }
}

/** The actions of a plan; none unless it acts. */
export function actionsOf(plan: Plan): readonly Action[] {
  return plan.kind === 'act' ? plan.actions : [];
}
