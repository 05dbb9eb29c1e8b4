/** Annotations with which people steer a sync; the names are Argo CD's and Helm's. */
export const syncAnnotations = {
  /** `PreSync`, `Sync`, `PostSync`, `SyncFail` or `Skip`; several with commas. */
  hook: 'argocd.argoproj.io/hook',
  deletePolicy: 'argocd.argoproj.io/hook-delete-policy',
  wave: 'argocd.argoproj.io/sync-wave',
  options: 'argocd.argoproj.io/sync-options',
  /** On a live object: it may be pruned or deleted although `Prune=confirm` or `Delete=confirm` asks first. */
  approved: 'argocd.argoproj.io/deletion-approved',
  helmHook: 'helm.sh/hook',
  helmDeletePolicy: 'helm.sh/hook-delete-policy',
  helmWeight: 'helm.sh/hook-weight',
  /** `keep`: not deleted with its application. */
  helmPolicy: 'helm.sh/resource-policy',
} as const;

/** The parts of an annotation between its commas, trimmed, each once, none empty (Argo CD, `GetAnnotationCSVs`). */
export function partsOf(text: string | undefined): readonly string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A whole number as Go's `strconv.Atoi` reads it; undefined for any other text. */
export function wholeNumber(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
