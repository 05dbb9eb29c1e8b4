import type { SyncOptions } from '../application-spec';
import { groupOf, nameOf, type KubeObject, type ObjectRef } from '../kube-object';
import { readSyncOptionList } from '../read-sync-options';
import { partsOf, syncAnnotations } from './annotations';
import { hookKindOf } from './hook-phases';
import { inPruneSteps } from './prune-order';
import { contentsOf, type Gone } from './prune-containers';

export type { Gone };

export interface PrunePlan {
  /** In order: each step is to be gone before the next one; within a step what was applied last comes first. */
  readonly steps: readonly (readonly ObjectRef[])[];
  /** What stays, and why; it stays in the inventory too. */
  readonly skipped: readonly { readonly ref: ObjectRef; readonly why: string }[];
  /** What a person has to confirm first, and namespaces and definitions that would take it with them. */
  readonly unconfirmed: readonly ObjectRef[];
}

type Verdict =
  { readonly kind: 'go' } | { readonly kind: 'ask' } | { readonly kind: 'stay'; readonly why: string };

/**
 * What of the objects that Git no longer has is deleted, in which order (Argo CD, `sync_context.go`): the waves of their creation in
 * reverse, `PruneLast` at the end; never hooks, nor `Prune=false`; `Prune=confirm` only when confirmed, by a person (`confirmed`) or by
 * the annotation `deletion-approved` on the live object. An object's own options win over those of the application. Unlike in
 * Argo CD a namespace or definition stays as long as something does that would go with it, of these objects or of `remaining`,
 * those that Git still has.
 */
export function planPrune(
  gone: readonly Gone[],
  app: SyncOptions,
  confirmed: boolean,
  remaining: readonly ObjectRef[] = [],
): PrunePlan {
  const judged = gone.map((each): Judged => {
    const { isHook, skip } = hookKindOf(each.live.metadata.annotations);
    if (isHook || skip) return { ...each, verdict: stay('hook') };
    const option = ownOptions(each.live).prune ?? app.prune;
    return { ...each, verdict: option === false ? stay('no prune') : consent(option, each, confirmed) };
  });
  const kept = remaining.map((ref) => ({ ref, verdict: stay('') }));
  return planOf(judged, kept, ({ live }) => ownOptions(live).pruneLast ?? app.pruneLast ?? false);
}

/**
 * What goes when the whole application is deleted with its objects (Argo CD, `shouldBeDeleted`): as `planPrune`, but by
 * `Delete=false` and `Delete=confirm`, hooks included; never a CustomResourceDefinition, nor what has Helm's `resource-policy: keep`.
 */
export function planDelete(objects: readonly Gone[], app: SyncOptions, confirmed: boolean): PrunePlan {
  const judged = objects.map((each): Judged => {
    const { live } = each;
    if (isDefinition(live)) return { ...each, verdict: stay('definitions outlive their application') };
    const policies = partsOf(live.metadata.annotations?.[syncAnnotations.helmPolicy]);
    if (policies.includes('keep')) return { ...each, verdict: stay('resource-policy: keep') };
    const option = ownOptions(live).delete ?? app.delete;
    return { ...each, verdict: option === false ? stay('no delete') : consent(option, each, confirmed) };
  });
  return planOf(judged, [], () => false);
}

interface Judged extends Gone {
  readonly verdict: Verdict;
}

function planOf(
  judged: readonly Judged[],
  remaining: readonly Pick<Judged, 'ref' | 'verdict'>[],
  isLast: (each: Gone) => boolean,
): PrunePlan {
  const all = [...judged, ...remaining];
  const final = judged.map((each) => ({ ...each, verdict: withContents(each, all) }));
  return {
    steps: inPruneSteps(
      final.filter(({ verdict }) => verdict.kind === 'go'),
      isLast,
    ),
    skipped: final.flatMap(({ ref, verdict }) =>
      verdict.kind === 'stay' ? [{ ref, why: verdict.why }] : [],
    ),
    unconfirmed: final.flatMap(({ ref, verdict }) => (verdict.kind === 'ask' ? [ref] : [])),
  };
}

/** What would take something with it that stays, or that is asked about, has the same fate. */
function withContents({ live, verdict }: Judged, all: readonly Pick<Judged, 'ref' | 'verdict'>[]): Verdict {
  if (verdict.kind === 'stay') return verdict;
  const contents = contentsOf(live, all);
  const kept = contents.find((each) => each.verdict.kind === 'stay');
  if (kept !== undefined) return stay(`${nameOf(kept.ref)} stays in it`);
  return contents.find((each) => each.verdict.kind === 'ask')?.verdict ?? verdict;
}

function stay(why: string): Verdict {
  return { kind: 'stay', why: `ignored (${why})` };
}

function consent(option: boolean | 'confirm' | undefined, { live }: Gone, confirmed: boolean): Verdict {
  const isApproved = confirmed || (live.metadata.annotations?.[syncAnnotations.approved] ?? '') !== '';
  return option === 'confirm' && !isApproved ? { kind: 'ask' } : { kind: 'go' };
}

/** What a live object's annotation says; what nobody knows in it was refused when it was in Git, or is not ours to judge. */
function ownOptions(live: KubeObject): SyncOptions {
  const parts = partsOf(live.metadata.annotations?.[syncAnnotations.options]);
  return readSyncOptionList(
    parts.map((text) => ({ text, path: [] })),
    () => undefined,
  ).options;
}

function isDefinition({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io';
}
