import type { Action, Plan, PlanOf } from '../../src/domain/plans/plan';

/** A plan as one line each: what it does, what it waits for, or why it stops. */
export function told(plan: PlanOf<{ readonly why: string }>): readonly string[] {
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
