import type { SyncOptions } from '../../src/domain/application-spec';
import { locate } from '../../src/domain/located';
import { planDelete, planPrune, type Gone, type PrunePlan } from '../../src/domain/sync/prune';
import { pruneWaves } from '../../src/domain/sync/prune-order';
import { planSync } from '../../src/domain/sync/plan';
import { readTable, row, type Row, type Table } from './table';

interface Waves {
  readonly name: string;
  readonly pruneLast?: boolean;
  /** Names of those with `PruneLast=true` of their own. */
  readonly last?: readonly string[];
  readonly kept: Readonly<Record<string, number>>;
  readonly gone: Readonly<Record<string, number>>;
  readonly waves: Readonly<Record<string, number>>;
}

interface Consent {
  readonly name: string;
  readonly app?: SyncOptions;
  readonly annotations: Readonly<Record<string, string>>;
  readonly confirmed?: boolean;
  readonly outcome: string;
  readonly differs?: string;
}

interface Rules {
  readonly waves: readonly Waves[];
  readonly options: readonly Consent[];
  readonly deletes: readonly Consent[];
}

/** In which order objects that Git no longer has are deleted, and which of them stay. */
export function pruneTables(): readonly Table[] {
  const { waves, options, deletes } = readTable<Rules>('prune.json');
  return [
    { name: 'order of pruning', rows: waves.map(wavesRow) },
    {
      name: 'what pruning and deleting leave',
      rows: [
        ...options.map((each) => consentRow(each, planPrune)),
        ...deletes.map((each) => consentRow(each, planDelete)),
      ],
    },
  ];
}

/** The waves as they are counted, and the steps that come of them. */
function wavesRow({ name, pruneLast = false, last = [], kept, gone, waves }: Waves): Row {
  const wanted = Object.keys(gone).map((each) => ({ name: each, wave: waves[each] ?? 0 }));
  const rising = [...new Set(wanted.map(({ wave }) => wave))].sort((a, b) => a - b);
  const steps = rising.map((wave) => namesOf(wanted.filter((each) => each.wave === wave)));
  return row(name, { waves, steps }, () => {
    const items = Object.entries(gone).map(([each, wave]) => ({
      name: each,
      wave,
      isLast: pruneLast || last.includes(each),
    }));
    const swapped = pruneWaves(items);
    const pruned = items.map((each, index) => [each.name, swapped[index]] as const);
    const objects = items.map((each) =>
      goneOf(each.name, annotationsOf(each.wave, last.includes(each.name))),
    );
    const plan = planPrune(objects, { pruneLast }, false);
    return { waves: { ...syncWaves(kept), ...Object.fromEntries(pruned) }, steps: plan.steps.map(namesOf) };
  });
}

function syncWaves(kept: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const objects = Object.entries(kept).map(([name, wave]) =>
    locate(goneOf(name, annotationsOf(wave, false)).live, 'a.yaml'),
  );
  const { steps } = planSync(objects, [], { namespace: 'default' });
  const tasks = steps.flatMap((step) => step.tasks);
  return Object.fromEntries(tasks.map(({ located, wave }) => [located.object.metadata.name, wave]));
}

function consentRow(
  { name, app = {}, annotations, confirmed = false, outcome, differs }: Consent,
  plan: typeof planPrune,
): Row {
  return row(name, outcome, () => outcomeOf(plan([goneOf('a', annotations)], app, confirmed)), differs);
}

function outcomeOf({ steps, skipped, unconfirmed }: PrunePlan): string {
  const outcomes = [
    ...steps.flat().map(() => 'goes'),
    ...skipped.map(({ why }) => why),
    ...unconfirmed.map(() => 'waits'),
  ];
  return outcomes.join(' and ');
}

function annotationsOf(wave: number, isLast: boolean): Readonly<Record<string, string>> {
  const last = isLast ? { 'argocd.argoproj.io/sync-options': 'PruneLast=true' } : {};
  return { 'argocd.argoproj.io/sync-wave': String(wave), ...last };
}

function goneOf(name: string, annotations: Readonly<Record<string, string>>): Gone {
  const isNamespace = name === 'ns';
  const head = { apiVersion: 'v1', kind: isNamespace ? 'Namespace' : 'Pod' };
  const place = isNamespace ? { name } : { namespace: 'default', name };
  return { ref: { ...head, ...place }, live: { ...head, metadata: { ...place, annotations } } };
}

function namesOf(items: readonly { readonly name: string }[]): readonly string[] {
  return items.map(({ name }) => name).sort();
}
