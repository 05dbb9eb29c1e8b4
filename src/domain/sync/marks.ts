import type { SyncOptions } from '../application-spec';
import { Fields } from '../fields';
import type { Located } from '../located';
import type { Problem } from '../problem';
import { hookAnnotations } from '../read-hook-job';
import { readSyncOptionList } from '../read-sync-options';
import { partsOf, syncAnnotations, wholeNumber } from './annotations';
import { hookKindOf, type HookAnnotations, type Phase } from './hook-phases';
import { readDeletePolicies, reportHookTypes, type DeletePolicy } from './read-hook-annotations';

export type { DeletePolicy, Phase };

/** What the annotations of one object ask of a sync. */
export interface SyncMarks {
  /** Empty for a plain object; more than one phase: it runs in each. */
  readonly hookPhases: readonly Phase[];
  /** A hook of Argo CD or Helm: neither pruned nor part of the inventory. */
  readonly isHook: boolean;
  /** Not applied by any sync: `argocd.argoproj.io/hook: Skip`, or a Helm hook of another occasion (delete, rollback, test). */
  readonly skip: boolean;
  /** `sync-wave`, else Helm's hook weight, else 0. */
  readonly wave: number;
  /** Empty for what is no hook; a hook that says nothing is deleted before it is created anew. */
  readonly deletePolicies: readonly DeletePolicy[];
  /** `argocd.argoproj.io/sync-options`; absent fields are not said. */
  readonly options: SyncOptions;
}

/** Options that are about a whole application and cannot be said of one object. */
const ofApplications: readonly string[] = [
  'CreateNamespace',
  'RespectIgnoreDifferences',
  'FailOnSharedResource',
];

/**
 * Reads what an object's annotations ask of a sync (Argo CD's and Helm's). Words that nobody knows, waves that are no numbers and
 * hooks that are Belay's too are problems at their line, where Argo CD would pass over them; what could be read is returned beside them.
 */
export function readSyncMarks(located: Located, problems: Problem[]): SyncMarks {
  const fields = new Fields({ located, problems }, ['metadata'], { ...located.object.metadata });
  const annotations = fields.map('annotations');
  if (annotations === undefined) return { ...plain, wave: 0, options: {} };
  const written = [syncAnnotations.hook, syncAnnotations.helmHook].map((name) => [
    name,
    annotations.string(name),
  ]);
  const { phases: hookPhases, isHook, skip } = hookKindOf(Object.fromEntries(written) as HookAnnotations);
  reportHookTypes(annotations);
  if (isHook || skip) reportBothHooks(annotations);
  const policies = readDeletePolicies(annotations);
  return {
    hookPhases,
    isHook,
    skip,
    wave:
      readWave(annotations, syncAnnotations.wave) ?? readWave(annotations, syncAnnotations.helmWeight) ?? 0,
    deletePolicies: isHook ? policies : [],
    options: readOptions(annotations),
  };
}

const plain = { hookPhases: [], isHook: false, skip: false, deletePolicies: [] } as const;

function readWave(annotations: Fields, name: string): number | undefined {
  const text = annotations.string(name);
  if (text === undefined) return undefined;
  const wave = wholeNumber(text);
  if (wave === undefined)
    annotations.invalid(name, `"${text}" is no whole number`, {
      value: text,
      remedy: 'write one such as "-1" or "5"',
    });
  return wave;
}

function readOptions(annotations: Fields): SyncOptions {
  const path = [...annotations.path, syncAnnotations.options];
  const parts = partsOf(annotations.string(syncAnnotations.options));
  for (const part of parts) {
    const [name = ''] = part.split('=');
    if (!ofApplications.includes(name)) continue;
    const remedy = 'write it in spec.syncPolicy.syncOptions of the application';
    annotations.report({
      code: 'InvalidSpec',
      path,
      message: `sync option ${name} is about an application, not about one object`,
      value: part,
      remedy,
    });
  }
  const own = parts.filter((part) => !ofApplications.includes(part.split('=')[0] ?? ''));
  const items = own.map((part) => ({ text: part, path }));
  return readSyncOptionList(items, (finding) => annotations.report(finding)).options;
}

/** Belay's own hooks run with a rollout of one workload; an object cannot be that and part of a sync. */
function reportBothHooks(annotations: Fields): void {
  const own = Object.keys(hookAnnotations).find((name) => Object.hasOwn(annotations.values, name));
  if (own === undefined) return;
  const argo = [syncAnnotations.hook, syncAnnotations.helmHook].find((name) =>
    Object.hasOwn(annotations.values, name),
  );
  const message = `it is a hook of a rollout (${own}) and of a sync (${argo ?? ''}) at once`;
  annotations.invalid(own, message, { remedy: 'keep one of the two annotations' });
}
