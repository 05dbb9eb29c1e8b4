import { partsOf, syncAnnotations } from './annotations';

/** The parts of a sync, in their order; the last one only runs when another one failed. */
export const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;

export type Phase = (typeof phases)[number];

/** Helm's hooks by the phase they run in; null: an occasion that is no sync. A sync does not tell install from upgrade. */
export const helmPhases: Readonly<Record<string, Phase | null>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': null,
  'post-delete': null,
  'pre-rollback': null,
  'post-rollback': null,
  test: null,
  'test-success': null,
  'test-failure': null,
};

export type HookAnnotations = Readonly<Record<string, string | undefined>>;

/** What the hook annotations of one object say. */
export interface HookKind {
  /** Empty for a plain object, and for a hook that no sync runs. */
  readonly phases: readonly Phase[];
  /** A hook is neither pruned nor part of the inventory. */
  readonly isHook: boolean;
  /** `Skip`, or a hook that no sync runs. */
  readonly skip: boolean;
}

/**
 * Reads Argo CD's hook annotation, else Helm's (gitops-engine/pkg/sync/hook). `Skip` among other types counts for nothing; Helm's
 * `crd-install` is no hook; a word that nobody knows makes a hook without a phase, which is what keeps it from being pruned.
 */
export function hookKindOf(annotations: HookAnnotations | undefined): HookKind {
  const types = partsOf(annotations?.[syncAnnotations.hook]);
  if (types.length === 1 && types[0] === 'Skip') return { phases: [], isHook: false, skip: true };
  const helm = annotations?.[syncAnnotations.helmHook];
  const isHook = types.length > 0 || (helm !== undefined && helm !== 'crd-install');
  const wanted = types.length > 0 ? types : partsOf(helm).map((type) => helmPhaseOf(type));
  const found = phases.filter((phase) => wanted.includes(phase));
  return { phases: found, isHook, skip: isHook && found.length === 0 };
}

function helmPhaseOf(type: string): Phase | null {
  return Object.hasOwn(helmPhases, type) ? (helmPhases[type] ?? null) : null;
}
