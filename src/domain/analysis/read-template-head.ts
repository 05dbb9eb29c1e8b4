import type { Fields } from '../fields';
import { ignore, reportUnknown } from '../read-refusals';
import { didYouMean } from '../read-suggestion';
import { refuseReserved } from '../read-metadata';
import { readWith } from '../read-with';
import { readDuration } from '../duration';
import type { AnalysisTemplate } from './spec';

const prefix = 'belay.dev/';
const onFailureName = 'belay.dev/on-failure';
const holdName = 'belay.dev/telemetry-hold';
const known = [onFailureName, holdName];
/** How long an unreachable provider holds a rollout unless the template says otherwise. */
const usualHoldMs = 15 * 60_000;

const harmless = [
  ...['name', 'namespace', 'generateName', 'finalizers', 'ownerReferences', 'uid', 'resourceVersion'],
  ...['generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'],
  ...['managedFields', 'selfLink'],
];

/** Reads the head of a template: what people ask of Belay by annotation. `belay.dev/telemetry-hold: "0"` holds nothing, as Argo. */
export function readTemplateHead(top: Fields): Pick<AnalysisTemplate, 'onFailure' | 'holdMs'> {
  const usual = { onFailure: 'revert', holdMs: usualHoldMs } as const;
  const metadata = top.map('metadata');
  if (metadata === undefined) return usual;
  ignore(metadata, ...harmless);
  refuseReserved(metadata, 'labels', metadata.strings('labels'));
  metadata.strings('annotations');
  const annotations = metadata.map('annotations');
  reportUnknown(metadata);
  if (annotations === undefined) return usual;
  const strangers = Object.keys(annotations.values).filter(
    (name) => name.startsWith(prefix) && !known.includes(name),
  );
  for (const name of strangers) {
    const remedy = didYouMean(name, known, `known here: ${known.join(', ')}`);
    const path = [...annotations.path, name];
    metadata.report({ code: 'UnknownField', path, message: 'unknown annotation', remedy });
  }
  const isText = (name: string) => typeof annotations.raw(name) === 'string';
  const onFailure = isText(onFailureName) && annotations.oneOf(onFailureName, ['revert', 'pause', 'notify']);
  const holdMs = isText(holdName) ? readWith(annotations, holdName, readDuration) : undefined;
  return { onFailure: onFailure || usual.onFailure, holdMs: holdMs ?? usual.holdMs };
}
