import type { SyncOptions } from './application-spec';
import type { Fields } from './fields';
import type { FieldPath, Finding } from './located';
import { kindOf, textOf } from './read-json';
import { didYouMean } from './read-suggestion';

/** One option as it is written, `Name=value`, and the place of it for problems. */
export interface SyncOptionItem {
  readonly text: unknown;
  readonly path: FieldPath;
}

/** What a list of sync options says. `createNamespace` stands apart: it is about the application and no object. */
export interface SyncOptionList {
  readonly createNamespace?: boolean;
  readonly options: SyncOptions;
}

type Value = boolean | 'confirm' | NonNullable<SyncOptions['prunePropagation']>;

interface Option {
  readonly key: keyof SyncOptions | 'createNamespace';
  readonly values: Readonly<Record<string, Value>>;
}

const truth = { true: true, false: false } as const;
const consent = { ...truth, confirm: 'confirm' } as const;
const propagation = { foreground: 'Foreground', background: 'Background', orphan: 'Orphan' } as const;

/** Argo CD's names and values of sync options, compared exactly as it does: in another spelling they would be silently lost. */
const known: Readonly<Record<string, Option>> = {
  CreateNamespace: { key: 'createNamespace', values: truth },
  Validate: { key: 'validate', values: truth },
  SkipDryRunOnMissingResource: { key: 'skipDryRunOnMissingResource', values: truth },
  PruneLast: { key: 'pruneLast', values: truth },
  Replace: { key: 'replace', values: truth },
  Force: { key: 'force', values: truth },
  ServerSideApply: { key: 'serverSideApply', values: truth },
  ApplyOutOfSyncOnly: { key: 'applyOutOfSyncOnly', values: truth },
  Prune: { key: 'prune', values: consent },
  Delete: { key: 'delete', values: consent },
  ClientSideApplyMigration: { key: 'clientSideApplyMigration', values: truth },
  PrunePropagationPolicy: { key: 'prunePropagation', values: propagation },
  RespectIgnoreDifferences: { key: 'respectIgnoreDifferences', values: truth },
  FailOnSharedResource: { key: 'failOnSharedResource', values: truth },
};

/** Reads `syncPolicy.syncOptions`. */
export function readSyncOptions(policy: Fields): SyncOptionList {
  const items = policy
    .list('syncOptions')
    .map((text, index) => ({ text, path: [...policy.path, 'syncOptions', index] }));
  return readSyncOptionList(items, (finding) => policy.report(finding));
}

/**
 * Reads sync options, of an application or of one object (the parts between the commas of
 * `argocd.argoproj.io/sync-options`, trimmed). The last one of a name counts; what is wrong is reported and left out.
 */
export function readSyncOptionList(
  items: readonly SyncOptionItem[],
  report: (finding: Finding) => void,
): SyncOptionList {
  const read: Partial<Record<Option['key'], Value>> = {};
  for (const item of items) {
    const found = readSyncOption(item);
    if ('code' in found) report(found);
    else read[found.key] = found.value;
  }
  const { createNamespace, ...options } = read;
  // The table above gives each key the values of its type and no others.
  const said = options as SyncOptions;
  return typeof createNamespace === 'boolean' ? { createNamespace, options: said } : { options: said };
}

function readSyncOption({ text, path }: SyncOptionItem): { key: Option['key']; value: Value } | Finding {
  const [, name, written] = typeof text === 'string' ? (/^([^=]+)=(.*)$/s.exec(text) ?? []) : [];
  if (name === undefined || written === undefined) {
    const shown = typeof text === 'string' ? `"${textOf(text)}"` : kindOf(text);
    const message = `must be written as Name=value, not ${shown}`;
    return { code: 'InvalidSpec', path, message, value: text, remedy: 'such as CreateNamespace=true' };
  }
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    const remedy = didYouMean(name, Object.keys(known), 'remove it');
    const message = `unknown sync option ${textOf(name)}`;
    return { code: 'UnknownField', path, message, value: text, remedy };
  }
  const value = Object.hasOwn(option.values, written) ? option.values[written] : undefined;
  if (value !== undefined) return { key: option.key, value };
  const names = Object.keys(option.values);
  const message = `"${textOf(written)}" is no value of sync option ${name}`;
  const remedy = didYouMean(written, names, `write ${names.join(' or ')}`);
  return { code: 'InvalidSpec', path, message, value: text, remedy };
}
