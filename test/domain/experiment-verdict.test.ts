import {
  assessExperiment,
  type AnalysisEnd,
  type ExperimentProgress,
} from '../../src/domain/experiment-verdict';

const needed = { name: 'needed', requiredForCompletion: true };
const second = { name: 'second', requiredForCompletion: true };
const extra = { name: 'extra', requiredForCompletion: false };
const good: AnalysisEnd = { phase: 'Successful' };
const bad: AnalysisEnd = { phase: 'Failed', message: 'metric errors assessed Failed' };

type Row = [name: string, progress: Partial<ExperimentProgress>, verdict: string];

const rows: Row[] = [
  ['without analyses runs until its time is over', {}, 'running'],
  ['without analyses is successful when its time is over', { isTimeOver: true }, 'successful'],
  ['runs while a required analysis does', { analyses: [needed], ends: {} }, 'running'],
  [
    'is successful when all required analyses have ended',
    { analyses: [needed, extra], ends: { needed: good } },
    'successful',
  ],
  [
    'runs while one of two required analyses does',
    { analyses: [needed, second], ends: { needed: good } },
    'running',
  ],
  ['does not end by analyses that are not required', { analyses: [extra], ends: { extra: good } }, 'running'],
  [
    'does not wait for analyses when its time is over',
    { analyses: [needed], isTimeOver: true },
    'successful',
  ],
  [
    'fails at once by any analysis',
    { analyses: [needed, extra], ends: { extra: bad } },
    'failed: analysis extra Failed: metric errors assessed Failed',
  ],
  [
    'fails by an analysis in error',
    { analyses: [extra], ends: { extra: { phase: 'Error' } } },
    'failed: analysis extra Error',
  ],
  [
    'is inconclusive by any analysis',
    { analyses: [extra], ends: { extra: { phase: 'Inconclusive' } } },
    'inconclusive: analysis extra Inconclusive',
  ],
  [
    'that failed stays so when others are inconclusive',
    { analyses: [needed, extra], ends: { needed: { phase: 'Inconclusive' }, extra: bad } },
    'failed: analysis extra Failed: metric errors assessed Failed',
  ],
  [
    'that failed in its last moment has failed',
    { analyses: [extra], ends: { extra: bad }, isTimeOver: true },
    'failed: analysis extra Failed: metric errors assessed Failed',
  ],
  [
    'waits for a decision where a failing metric asks for a pause',
    { analyses: [extra], ends: { extra: { ...bad, onFailure: 'pause' } } },
    'inconclusive: analysis extra Failed: metric errors assessed Failed',
  ],
  [
    'goes on where a failing metric asks only to be told',
    { analyses: [needed, extra], ends: { needed: good, extra: { ...bad, onFailure: 'notify' } } },
    'successful',
  ],
];

test.each(rows)('an experiment %s', (_name, progress, expected) => {
  const verdict = assessExperiment({ analyses: [], ends: {}, isTimeOver: false, ...progress });
  const told = 'sentence' in verdict ? `${verdict.kind}: ${verdict.sentence}` : verdict.kind;
  expect(told).toBe(expected);
});
