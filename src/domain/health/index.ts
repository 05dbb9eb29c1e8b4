export { summarise, type HealthSummary, type Judged } from './aggregate';
export { healthOf, mayHaveHealth, worstHealth, type HealthOptions } from './health-of';
export { asJudged, countsForApplication } from './counts';
export type { Health } from './status';
