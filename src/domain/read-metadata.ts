import type { Fields } from './fields';
import { writeBackAnnotations } from './read-application-write-back';
import { membershipAnnotations } from './read-membership';
import { ignore, reportUnknown } from './read-refusals';
import { didYouMean } from './read-suggestion';

const prefix = 'belay.dev/';
/** What people may ask of Belay by annotation on an application, and on a workload; an empty list takes what its own reader takes. */
const known: Readonly<Record<'application' | 'workload', Readonly<Record<string, readonly string[]>>>> = {
  application: {
    ...Object.fromEntries([...writeBackAnnotations, ...membershipAnnotations].map((name) => [name, []])),
    'belay.dev/sync-timeout': [],
    'belay.dev/policies': [],
  },
  workload: { 'belay.dev/config-rollout': ['true', 'false'] },
};

/** Fields that every object may have; the API server fills in the last ones. */
const harmless = [
  ...['name', 'namespace', 'generateName', 'finalizers', 'ownerReferences'],
  ...['uid', 'resourceVersion', 'generation'],
  ...['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink'],
];

/** Reads the head of an application or a workload; `belay.dev/` names that nobody knows there are problems, not wishes. */
export function readMetadata(object: Fields, role: keyof typeof known): void {
  const metadata = object.map('metadata');
  if (metadata === undefined) return;
  ignore(metadata, ...harmless);
  refuseReserved(metadata, 'labels', metadata.strings('labels'));
  readAnnotations(metadata, known[role]);
  reportUnknown(metadata);
}

/** Reports labels that only Belay itself may write. */
export function refuseReserved(fields: Fields, key: string, labels: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(labels).filter((each) => each.startsWith(prefix))) {
    const path = [...fields.path, key, name];
    const remedy = 'remove it, or give it a prefix of your own';
    fields.report({ code: 'InvalidSpec', path, message: `labels under ${prefix} are Belay's own`, remedy });
  }
}

function readAnnotations(metadata: Fields, allowed: Readonly<Record<string, readonly string[]>>): void {
  metadata.strings('annotations');
  reportUnknownAnnotations(metadata, Object.keys(allowed));
  const annotations = metadata.map('annotations');
  for (const [name, values] of Object.entries(allowed)) {
    if (values.length > 0 && typeof annotations?.raw(name) === 'string') annotations.oneOf(name, values);
  }
}

/**
 * Reports annotations under `belay.dev/` that nobody knows: a misspelt wish must not pass for none. What is about a whole application
 * is reported where it is written at one of its objects.
 */
export function reportUnknownAnnotations(metadata: Fields, allowed: readonly string[]): void {
  for (const name of Object.keys(metadata.map('annotations')?.values ?? {})) {
    if (!name.startsWith(prefix) || allowed.includes(name)) continue;
    const path = [...metadata.path, 'annotations', name];
    if (Object.hasOwn(known.application, name)) {
      const message = 'is about a whole application and has no effect here';
      metadata.report({ code: 'InvalidSpec', path, message, remedy: 'write it on the Application' });
      continue;
    }
    const remedy = didYouMean(name, allowed, `known here: ${allowed.join(', ')}`);
    metadata.report({ code: 'UnknownField', path, message: 'unknown annotation', remedy });
  }
}
