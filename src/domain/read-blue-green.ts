import type { Fields } from './fields';
import { readIntOrPercent } from './int-or-percent';
import { readAnalysisRef } from './read-analysis-ref';
import { defaultDelayMs, readAbortDelay } from './read-delays';
import { readAntiAffinity, readPodMetadata } from './read-pod-metadata';
import { reportUnknown } from './read-refusals';
import type { Revision } from './read-revision';
import { readWith, requireField } from './read-with';
import type { BlueGreenStrategy } from './strategy';

/**
 * Reads `strategy.blueGreen`. `autoPromotionSeconds: 0` is the same as its absence, and beside `autoPromotionEnabled: false` it
 * counts for nothing, as in Argo Rollouts: a person promotes. `scaleDownDelayRevisionLimit` is without effect, since only one old
 * version is ever kept.
 */
export function readBlueGreen(fields: Fields, revision: Revision): BlueGreenStrategy | undefined {
  const services = readRoles(fields);
  const seconds = fields.int('scaleDownDelaySeconds');
  const abortScaleDownDelayMs = readAbortDelay(fields);
  fields.int('scaleDownDelayRevisionLimit');
  const maxUnavailable = readWith(fields, 'maxUnavailable', readIntOrPercent) ?? '25%';
  const promotion = readPromotion(fields, revision);
  const pods = {
    antiAffinity: readAntiAffinity(fields),
    canaryMetadata: readPodMetadata(fields, 'previewMetadata'),
    stableMetadata: readPodMetadata(fields, 'activeMetadata'),
  };
  reportUnknown(fields);
  if (services === undefined) return undefined;
  return {
    kind: 'blueGreen',
    ...services,
    ...promotion,
    maxUnavailable,
    scaleDownDelayMs: seconds === undefined ? defaultDelayMs : seconds * 1_000,
    abortScaleDownDelayMs,
    ...(pods.antiAffinity && { antiAffinity: pods.antiAffinity }),
    ...(pods.canaryMetadata && { canaryMetadata: pods.canaryMetadata }),
    ...(pods.stableMetadata && { stableMetadata: pods.stableMetadata }),
  };
}

function readRoles(fields: Fields): Pick<BlueGreenStrategy, 'activeService' | 'previewService'> | undefined {
  requireField(fields, 'activeService', 'name the Service that gives users to the active version');
  const activeService = fields.string('activeService');
  const previewService = fields.string('previewService') || undefined;
  if (!activeService) return undefined;
  if (activeService === previewService) {
    const message = `Service ${activeService} is both activeService and previewService`;
    fields.invalid('previewService', message, {
      value: previewService,
      remedy: 'name two different Services',
    });
  }
  return { activeService, ...(previewService !== undefined && { previewService }) };
}

function readPromotion(fields: Fields, revision: Revision) {
  const previewReplicaCount = fields.int('previewReplicaCount', { min: 1 });
  const autoPromotionEnabled = fields.boolean('autoPromotionEnabled') ?? true;
  const seconds = fields.int('autoPromotionSeconds') ?? 0;
  const prePromotionAnalysis = readAnalysisRef(fields, 'prePromotionAnalysis', revision);
  const postPromotionAnalysis = readAnalysisRef(fields, 'postPromotionAnalysis', revision);
  return {
    autoPromotionEnabled,
    ...(previewReplicaCount !== undefined && { previewReplicaCount }),
    ...(seconds > 0 && autoPromotionEnabled && { autoPromotionMs: seconds * 1_000 }),
    ...(prePromotionAnalysis && { prePromotionAnalysis }),
    ...(postPromotionAnalysis && { postPromotionAnalysis }),
  };
}
