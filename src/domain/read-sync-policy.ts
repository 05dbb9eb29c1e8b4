import type { AutomatedSync } from './application-spec';
import type { Fields } from './fields';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readSyncOptions } from './read-sync-options';

const refusals: Refusals = {
  retry: ['retry is', 'remove it: Belay tries a failed sync again by itself'],
  managedNamespaceMetadata: [
    'managedNamespaceMetadata is',
    'write the Namespace as a manifest with its labels and annotations',
  ],
};

/** Reads `spec.syncPolicy`. Without `automated` (or with `enabled: false`) it syncs only when a person asks. */
export function readSyncPolicy(spec: Fields): { automated?: AutomatedSync; createNamespace: boolean } {
  const policy = spec.map('syncPolicy');
  if (policy === undefined) return { createNamespace: false };
  refuse(policy, refusals);
  const automated = readAutomated(policy);
  const { createNamespace } = readSyncOptions(policy);
  reportUnknown(policy);
  return automated === undefined ? { createNamespace } : { automated, createNamespace };
}

function readAutomated(policy: Fields): AutomatedSync | undefined {
  const automated = policy.map('automated');
  if (automated === undefined) return undefined;
  const prune = automated.boolean('prune') ?? false;
  const selfHeal = automated.boolean('selfHeal') ?? false;
  const allowEmpty = automated.boolean('allowEmpty') ?? false;
  const enabled = automated.boolean('enabled') ?? true;
  reportUnknown(automated);
  return enabled ? { prune, selfHeal, allowEmpty } : undefined;
}
