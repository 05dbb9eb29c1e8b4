/** The sequential analysis: an exact test of a new version against its baseline that may be looked at after every scrape. */
export type * from './config';
export type * from './sample';
export type * from './state';
export { resumeSequential, startSequential } from './start';
export { tick } from './tick';
export { verdictOf } from './verdict';
export { reportOf } from './report';
export type { MetricReport, SequentialReport } from './report';
export { plotText } from './plot-text';
export { plotSvg } from './plot-svg';
export { connectionFields, readSequential, readSequentialFields } from './read-config';
export { isPagePath } from './read-scrape';
export { followedPods } from './pod-registry';
export { podLabelOf, promQl, promQlByQuery, sampleOfSeries } from './prom-ql';
export type { Series } from './prom-ql';
export { sampleOfPods } from './scraped';
export type { PodSides } from './samples';
// For simulation: the test itself, without pods and packing.
export * from './evidence';
