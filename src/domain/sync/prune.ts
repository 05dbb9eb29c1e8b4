import type { SyncOptions } from '../application-spec';
import { groupOf, nameOf, type KubeObject, type ObjectRef } from '../kube-object';
import { readSyncOptionList } from '../read-sync-options';
import { partsOf, syncAnnotations } from './annotations';
import { hookKindOf } from './hook-phases';
import { inPruneSteps } from './prune-order';
import { holds, type Gone } from './prune-containers';

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
 * Argo CD a namespace or definition stays as long as something in it does, which would go with it.
 */
export function planPrune(gone: readonly Gone[], app: SyncOptions, confirmed: boolean): PrunePlan {
  return planOf(
    gone,
    (each) => {
      const { isHook, skip } = hookKindOf(each.live.metadata.annotations);
      if (isHook || skip) return { kind: 'stay', why: 'ignored (hook)' };
      return consent(ownOptions(each.live).prune ?? app.prune, each, {
        confirmed,
        why: 'ignored (no prune)',
      });
    },
    ({ live }) => ownOptions(live).pruneLast ?? app.pruneLast ?? false,
  );
}

/**
 * What goes when the whole application is deleted with its objects (Argo CD, `shouldBeDeleted`): as `planPrune`, but by
 * `Delete=false` and `Delete=confirm`, hooks included; never a CustomResourceDefinition, nor what has Helm's `resource-policy: keep`.
 */
export function planDelete(objects: readonly Gone[], app: SyncOptions, confirmed: boolean): PrunePlan {
  return planOf(
    objects,
    (each) => {
      const { live } = each;
      if (isDefinition(live)) return { kind: 'stay', why: 'ignored (definitions outlive their application)' };
      const policies = partsOf(live.metadata.annotations?.[syncAnnotations.helmPolicy]);
      if (policies.includes('keep')) return { kind: 'stay', why: 'ignored (resource-policy: keep)' };
      return consent(ownOptions(live).delete ?? app.delete, each, { confirmed, why: 'ignored (no delete)' });
    },
    () => false,
  );
}

function planOf(
  gone: readonly Gone[],
  judge: (each: Gone) => Verdict,
  isLast: (each: Gone) => boolean,
): PrunePlan {
  const own = gone.map((each) => ({ ...each, verdict: judge(each) }));
  const judged = own.map((each) => {
    const inside = own.filter((other) => holds(each.live, other));
    const kept = inside.find(({ verdict }) => verdict.kind === 'stay');
    if (each.verdict.kind === 'stay') return each;
    if (kept !== undefined)
      return {
        ...each,
        verdict: { kind: 'stay', why: `ignored (${nameOf(kept.ref)} stays in it)` } as const,
      };
    const isAsked = inside.some(({ verdict }) => verdict.kind === 'ask');
    return isAsked ? { ...each, verdict: { kind: 'ask' } as const } : each;
  });
  return {
    steps: inPruneSteps(
      judged.filter(({ verdict }) => verdict.kind === 'go'),
      isLast,
    ),
    skipped: judged.flatMap(({ ref, verdict }) =>
      verdict.kind === 'stay' ? [{ ref, why: verdict.why }] : [],
    ),
    unconfirmed: judged.flatMap(({ ref, verdict }) => (verdict.kind === 'ask' ? [ref] : [])),
  };
}

function consent(
  option: boolean | 'confirm' | undefined,
  { live }: Gone,
  { confirmed, why }: { readonly confirmed: boolean; readonly why: string },
): Verdict {
  if (option === false) return { kind: 'stay', why };
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
