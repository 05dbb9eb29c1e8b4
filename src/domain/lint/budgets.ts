import { isOf } from '../read-revision';
import { valueAt } from '../read-json';
import { findingAt, type LintFinding } from './finding';
import { isBeside, selects, type Linted, type Subject } from './subject';

const budgetKind = { group: 'policy', kind: 'PodDisruptionBudget' };

/** Budgets that let no pod of a workload go: no node can be drained, and `restartAt` waits for ever. */
export function lintBudgets(linted: Linted): readonly LintFinding[] {
  return linted.objects
    .filter((each) => isOf(each, budgetKind))
    .flatMap((budget) => {
      const selector = valueAt(budget.object, 'spec', 'selector', 'matchLabels');
      const subject = linted.subjects.find(
        (each) => isBeside(budget, each, linted) && selects(selector, each.labels),
      );
      const field = subject && blockingField(budget.object['spec'], subject);
      if (subject === undefined || field === undefined) return [];
      const { kind, name } = subject.workload;
      const message = `lets no pod of ${kind} ${name} be evicted, so no node with one can be drained`;
      const remedy = 'write maxUnavailable: 1';
      const path = ['spec', field.key];
      return [
        findingAt(budget, { severity: 'warning', code: 'BlockingBudget', path, message, ...field, remedy }),
      ];
    });
}

function blockingField(spec: unknown, { workload }: Subject) {
  const most = valueAt(spec, 'maxUnavailable');
  if (most === 0 || most === '0%') return { key: 'maxUnavailable', value: most };
  const least = valueAt(spec, 'minAvailable');
  const all = typeof least === 'number' && workload.replicas !== undefined && least >= workload.replicas;
  return all || least === '100%' ? { key: 'minAvailable', value: least } : undefined;
}
