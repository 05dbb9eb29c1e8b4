import type { Engine } from './engine';
import { countingJudge, kayentaJudge } from './judges';
import { sequentialTest, wholeSequential } from './sequential';
import { argoThreshold, flaggerThreshold } from './thresholds';

const minute = 6;

const others: readonly Engine[] = [
  argoThreshold({
    name: 'Argo, documented',
    interval: 5 * minute,
    atLeast: 0.95,
    failureLimit: 3,
    settings: '`interval: 5m`, `successCondition: result[0] >= 0.95`, `failureLimit: 3`',
  }),
  argoThreshold({
    name: 'Argo, quick',
    interval: minute,
    atLeast: 0.99,
    failureLimit: 0,
    settings: '`interval: 1m`, `successCondition: result[0] >= 0.99`, the default `failureLimit: 0`',
  }),
  flaggerThreshold({
    name: 'Flagger',
    interval: minute,
    atLeast: 0.99,
    threshold: 5,
    settings: '`interval: 1m`, `threshold: 5`, `request-success-rate` at least 99 %, as in its tutorial',
  }),
  countingJudge,
  kayentaJudge('twin'),
  kayentaJudge('baseline'),
];

/** For a fair comparison with those who tolerate nothing. */
const strict = sequentialTest({ name: 'sequential, strict', strict: true });

/** Who watches error rates. */
export const errorEngines: readonly Engine[] = [sequentialTest(), strict, ...others];

/** The same and, where pods matter, the product's whole analysis. */
export const podEngines: readonly Engine[] = [sequentialTest(), wholeSequential, strict, ...others];
