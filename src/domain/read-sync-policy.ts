import type { ApplicationSpec, AutomatedSync, NamespaceMetadata } from './application-spec';
import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { refuseReserved } from './read-metadata';
import { readSyncOptions } from './read-sync-options';
import { readSyncRetry } from './read-sync-retry';

type SyncPolicy = Pick<
  ApplicationSpec,
  'automated' | 'createNamespace' | 'namespaceMetadata' | 'syncOptions' | 'retry'
>;

/** Reads `spec.syncPolicy`. Without `automated` (or with `enabled: false`) it syncs only when a person asks. */
export function readSyncPolicy(spec: Fields): SyncPolicy {
  const policy = spec.map('syncPolicy');
  if (policy === undefined) return { createNamespace: false };
  const automated = readAutomated(policy);
  const { createNamespace = false, options } = readSyncOptions(policy);
  const namespaceMetadata = readNamespaceMetadata(policy, createNamespace);
  const retry = readSyncRetry(policy);
  reportUnknown(policy);
  return {
    createNamespace,
    ...(automated !== undefined && { automated }),
    ...(Object.keys(options).length > 0 && { syncOptions: options }),
    ...(namespaceMetadata !== undefined && { namespaceMetadata }),
    ...(retry !== undefined && { retry }),
  };
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

/** Argo CD silently drops the metadata where the namespace is not its own to make; a wish without effect is a problem here. */
function readNamespaceMetadata(policy: Fields, createNamespace: boolean): NamespaceMetadata | undefined {
  const metadata = policy.map('managedNamespaceMetadata');
  if (metadata === undefined) return undefined;
  const labels = metadata.strings('labels');
  refuseReserved(metadata, 'labels', labels);
  const annotations = metadata.strings('annotations');
  reportUnknown(metadata);
  if (Object.keys(labels).length + Object.keys(annotations).length === 0) return undefined;
  if (createNamespace) return { labels, annotations };
  const remedy = 'add CreateNamespace=true to syncOptions, or remove it';
  return policy.invalid('managedNamespaceMetadata', 'has no effect without CreateNamespace=true', { remedy });
}
