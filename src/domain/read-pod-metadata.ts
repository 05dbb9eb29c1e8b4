import type { Fields } from './fields';
import { refuseReserved } from './read-metadata';
import { reportUnknown } from './read-refusals';
import { requireField } from './read-with';
import type { AntiAffinity, PodMetadata } from './strategy';

/** Reads labels and annotations for pods in one role (Argo's `PodTemplateMetadata`). */
export function readPodMetadata(fields: Fields, key: string): PodMetadata | undefined {
  const metadata = fields.map(key);
  if (metadata === undefined) return undefined;
  const labels = metadata.strings('labels');
  refuseReserved(metadata, 'labels', labels);
  const annotations = metadata.strings('annotations');
  reportUnknown(metadata);
  return { labels, annotations };
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Reads `antiAffinity`: exactly one of required and preferred (Argo Rollouts, `InvalidAntiAffinityStrategy`). */
export function readAntiAffinity(fields: Fields): AntiAffinity | undefined {
  const affinity = fields.map('antiAffinity');
  if (affinity === undefined) return undefined;
  const [must, should] = [affinity.map(required), affinity.map(preferred)];
  reportUnknown(affinity);
  if (must !== undefined) reportUnknown(must);
  const weight = should && readWeight(should);
  if ([required, preferred].filter((key) => affinity.raw(key) !== undefined).length !== 1) {
    const message = `must give one of ${required} and ${preferred}`;
    return fields.invalid('antiAffinity', message, {
      remedy: `write \`${required}: {}\`, or ${preferred} with a weight`,
    });
  }
  if (must !== undefined) return { kind: 'required' };
  return weight === undefined ? undefined : { kind: 'preferred', weight };
}

function readWeight(should: Fields): number | undefined {
  requireField(should, 'weight', 'write a weight from 1 to 100');
  const weight = should.int('weight', { min: 1, max: 100 });
  reportUnknown(should);
  return weight;
}
