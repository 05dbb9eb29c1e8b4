import type { Fields } from './fields';
import { kindOf, textOf } from './read-json';
import { suggestionFor } from './read-suggestion';

/** Argo CD's sync options, each with the values that ask for what Belay does anyway. */
const known: Readonly<Record<string, { readonly harmless: readonly string[]; readonly remedy: string }>> = {
  CreateNamespace: { harmless: ['true', 'false'], remedy: 'write true or false' },
  ServerSideApply: { harmless: ['true', 'false'], remedy: 'write true or false' },
  ApplyOutOfSyncOnly: { harmless: ['true', 'false'], remedy: 'write true or false' },
  Validate: { harmless: ['true'], remedy: 'remove it: the API server always checks what is applied' },
  Replace: { harmless: ['false'], remedy: 'remove it: everything is applied server-side' },
  Force: {
    harmless: ['false'],
    remedy: 'remove it, and delete the object by hand where it must be made anew',
  },
  Prune: { harmless: ['true'], remedy: 'set syncPolicy.automated.prune' },
  PruneLast: { harmless: ['false'], remedy: 'remove it' },
  PrunePropagationPolicy: { harmless: [], remedy: 'remove it' },
  Delete: { harmless: ['true'], remedy: 'remove it' },
  ClientSideApplyMigration: { harmless: ['true'], remedy: 'remove it' },
  FailOnSharedResource: {
    harmless: ['false'],
    remedy: 'remove it: an object of another application is refused',
  },
  RespectIgnoreDifferences: { harmless: ['false'], remedy: 'remove it' },
  SkipDryRunOnMissingResource: { harmless: ['false'], remedy: 'remove it' },
};

/** Reads `syncPolicy.syncOptions`, a list of `Name=value`; the last one of a name counts. */
export function readSyncOptions(policy: Fields): { readonly createNamespace: boolean } {
  let createNamespace = false;
  policy.list('syncOptions').forEach((item, index) => {
    const path = [...policy.path, 'syncOptions', index];
    const [, name = '', value = ''] = typeof item === 'string' ? (/^([^=]+)=(.+)$/.exec(item) ?? []) : [];
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (name === '') {
      const shown = typeof item === 'string' ? `"${textOf(item)}"` : kindOf(item);
      const message = `must be written as Name=value, not ${shown}`;
      policy.report({
        code: 'InvalidSpec',
        path,
        message,
        value: item,
        remedy: 'such as CreateNamespace=true',
      });
    } else if (option === undefined) {
      const near = suggestionFor(name, Object.keys(known));
      const remedy = near === undefined ? 'remove it' : `did you mean "${near}"?`;
      policy.report({
        code: 'UnknownField',
        path,
        message: `unknown sync option ${name}`,
        value: item,
        remedy,
      });
    } else if (!option.harmless.includes(value)) {
      policy.report(refusal(path, `${name}=${value}`, option));
    } else if (name === 'CreateNamespace') {
      createNamespace = value === 'true';
    }
  });
  return { createNamespace };
}

function refusal(
  path: readonly (string | number)[],
  item: string,
  option: { readonly harmless: readonly string[]; readonly remedy: string },
) {
  const rest = { path, value: item, remedy: option.remedy };
  if (option.harmless.length === 2) {
    return {
      code: 'InvalidSpec',
      message: `sync option ${item} is neither true nor false`,
      ...rest,
    } as const;
  }
  return { code: 'Unsupported', message: `sync option ${item} is not supported yet`, ...rest } as const;
}
