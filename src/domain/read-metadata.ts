import type { WriteBackPolicy } from './application-spec';
import type { Fields } from './fields';
import { ignore, reportUnknown } from './read-refusals';
import { didYouMean } from './read-suggestion';

/** The part of `metadata` that Belay acts on. */
export interface Metadata {
  readonly writeBack?: WriteBackPolicy;
  readonly labels: Readonly<Record<string, string>>;
}

const prefix = 'belay.dev/';
const writeBack = 'belay.dev/write-back';
/** What people may ask of Belay by annotation on an application, and on a workload; an empty list takes what its own reader takes. */
const known = {
  application: {
    [writeBack]: ['revert', 'hold', 'off'],
    'belay.dev/sync-timeout': [],
    'belay.dev/policies': [],
  },
  workload: { [writeBack]: ['revert', 'hold', 'off'], 'belay.dev/config-rollout': ['true', 'false'] },
} as const;

/** Fields that every object may have; the API server fills in the last ones. */
const harmless = [
  ...['name', 'namespace', 'generateName', 'finalizers', 'ownerReferences'],
  ...['uid', 'resourceVersion', 'generation'],
  ...['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink'],
];

/** Reads the head of an application or a workload; `belay.dev/` names that nobody knows are problems, not wishes. */
export function readMetadata(object: Fields, role: keyof typeof known): Metadata {
  const metadata = object.map('metadata');
  if (metadata === undefined) return { labels: {} };
  ignore(metadata, ...harmless);
  const labels = metadata.strings('labels');
  refuseReserved(metadata, 'labels', labels);
  const policy = readAnnotations(metadata, known[role]);
  reportUnknown(metadata);
  return policy === undefined ? { labels } : { labels, writeBack: policy };
}

/** Reports labels that only Belay itself may write. */
export function refuseReserved(fields: Fields, key: string, labels: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(labels).filter((each) => each.startsWith(prefix))) {
    const path = [...fields.path, key, name];
    const remedy = 'remove it, or give it a prefix of your own';
    fields.report({ code: 'InvalidSpec', path, message: `labels under ${prefix} are Belay's own`, remedy });
  }
}

function readAnnotations(
  metadata: Fields,
  allowed: Readonly<Record<string, readonly string[]>>,
): WriteBackPolicy | undefined {
  metadata.strings('annotations');
  reportUnknownAnnotations(metadata, Object.keys(allowed));
  const annotations = metadata.map('annotations');
  for (const [name, values] of Object.entries(allowed)) {
    if (values.length > 0 && typeof annotations?.raw(name) === 'string') annotations.oneOf(name, values);
  }
  const policy = annotations?.raw(writeBack);
  return known.application[writeBack].find((each) => each === policy);
}

/** Reports annotations under `belay.dev/` that nobody knows: a misspelt wish must not pass for none. */
export function reportUnknownAnnotations(metadata: Fields, allowed: readonly string[]): void {
  for (const name of Object.keys(metadata.map('annotations')?.values ?? {})) {
    if (!name.startsWith(prefix) || allowed.includes(name)) continue;
    const remedy = didYouMean(name, allowed, `known here: ${allowed.join(', ')}`);
    const path = [...metadata.path, 'annotations', name];
    metadata.report({ code: 'UnknownField', path, message: 'unknown annotation', remedy });
  }
}
