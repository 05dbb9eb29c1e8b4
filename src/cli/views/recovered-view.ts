import { fieldList } from '../output/table';
import type { FoundApplication } from '../recover-options';

/** What was found of an application, and what was done about it. */
export function recoveredLines(
  found: FoundApplication & { readonly kind: 'readable' },
  { isMissing, dryRun }: { readonly isMissing: boolean; readonly dryRun: boolean },
): readonly string[] {
  const { name, namespace, context, state, interrupted } = found;
  const { good, quarantine, hold } = state;
  const done = !isMissing ? 'runs already, left alone' : dryRun ? 'would be recovered' : 'recovered';
  const bad = [...new Set(Object.values(quarantine).map(({ revision }) => revision.slice(0, 7)))];
  const fields = fieldList([
    ['mirror', `${namespace}/belay-${name} of ${context}`],
    ['good', good === undefined ? 'none: it was never healthy' : good.revision.slice(0, 7)],
    ['quarantine', bad.join(', ')],
    ['hold', hold?.reason],
    ['interrupted', interrupted.length === 0 ? '' : `the rollout of ${interrupted.join(', ')}`],
  ]);
  return [`${name}: ${done}`, ...fields.map((line) => `  ${line}`)];
}
