import { evidenceSvg, evidenceView } from '../../src/cli/views/evidence-view';
import { plainStyle } from '../../src/cli/output/style';
import type { SequentialView } from '../../src/domain/analysis/spec';
import { now, rolloutStatus } from '../client/fixtures/statuses';
import { analysed, background, metric } from './analyses';

const view = { style: plainStyle, now, when: String };
const sequential: SequentialView = {
  kind: 'continue',
  sentence:
    'errors: stable 0.1 %, this version fails 2 % (0.3 to 6 %) of requests; evidence of harm 12 of 100',
  missing: ['errors: about 1 400 more canary requests if it does as well as stable (evidence 0.2 of 20)'],
  pod: 'web-canary-6d5f7-x2k4p',
  stage: 1,
  history: {
    limits: [Math.log(100), Math.log(20)],
    every: 1,
    skipped: 0,
    points: [
      [10, 0, 0],
      [20, 1, -0.5],
      [30, 2.5, -1],
    ],
  },
  report: { evidence: 12, rollbackAt: 100, promoteAt: 20, metrics: [] },
};
const status = rolloutStatus({
  analyses: [analysed('background', { metrics: [metric({ name: 'errors', sequential }), metric()] })],
});

test('draws the evidence, says what is missing and names the pod that stands out', () => {
  expect(`\n${evidenceView(status, view, 60).join('\n')}\n`).toMatchInlineSnapshot(`
   "

   Evidence of background, metric errors (Running)
        |
    100 |------------------------------------------------------
        |
     20 |-----------------------------------------------------x
        |
        |                                   x
      1 |                  x                o
        |                                                     o
        |
        |
        |
        +------------------------------------------------------
         0                                                 30 s
   x harm (roll back at 100)  o safety (promote at 20)
   now: errors: stable 0.1 %, this version fails 2 % (0.3 to 6 %) of requests; evidence of harm 12 of 100
   missing for promotion: errors: about 1 400 more canary requests if it does as well as stable (evidence 0.2 of 20)
   stands out: pod web-canary-6d5f7-x2k4p
   "
  `);
});

test('says so when no sequential metric has looked', () => {
  const none = rolloutStatus({ analyses: [background] });
  expect(evidenceView(none, view, 60)).toEqual([
    '',
    'no sequential metric has looked at this rollout; see docs/analysis.md',
  ]);
  expect(evidenceSvg(none)).toBeUndefined();
});

test('the image stands alone', () => {
  expect(evidenceSvg(status)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>$/);
});
