import { isCheck, reportCheck } from '../checks/check-job';
import type { Located } from '../located';
import type { Problem } from '../problem';
import { readRevision } from '../read-rollout';
import { planSync } from '../sync/plan';
import { undosIn, withUndos } from '../sync/undos';
import { lintBudgets } from './budgets';
import { errorOf, type LintFinding } from './finding';
import { lintPods } from './pods';
import { lintScalers } from './scalers';
import { lintServices } from './services';
import { lintSteps } from './steps';
import { lintedOf, type Linted } from './subject';
import { lintTemplates } from './templates';

const rules: readonly ((linted: Linted) => readonly LintFinding[])[] = [
  lintBudgets,
  lintServices,
  lintSteps,
  lintPods,
  lintTemplates,
  lintScalers,
];

/** Everything there is to say about the objects of one revision: what the readers refuse, and what the rules have found. */
export function lintRevision(all: readonly Located[], namespace: string): readonly LintFinding[] {
  const ofSync: Problem[] = [];
  for (const each of all.filter(isCheck)) reportCheck(each, namespace, ofSync);
  const objects = all.filter((each) => !isCheck(each));
  const undos = undosIn(withUndos(planSync(objects, ofSync, { namespace }), { namespace, problems: ofSync }));
  const read = readRevision(
    objects.filter((each) => !undos.includes(each)),
    namespace,
  );
  const linted = lintedOf(read, objects, namespace);
  return [...[...read.problems, ...ofSync].map(errorOf), ...rules.flatMap((rule) => rule(linted))];
}
