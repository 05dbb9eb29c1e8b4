export { explainMetric, explainRun, holdingMetrics } from './explain';
export { fillSecrets, hideSecrets } from './fill-secrets';
export { judgeReading } from './judge-reading';
export { readAnalysisTemplate } from './read-template';
export { checkAnalysis, resolveAnalysis, type ArgContext, type ResolvedAnalysis } from './resolve';
export {
  dueMetrics,
  isOver,
  startAnalysis,
  stopAnalysis,
  takeReading,
  takeReadings,
  type TakenReading,
} from './run';
