import { stopAnalysis } from '../../../src/domain/analysis/end-run';
import { explainRun } from '../../../src/domain/analysis/explain';
import { dueMetrics, startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { AnalysisRun, MetricSpec } from '../../../src/domain/analysis/spec';
import { metricText } from '../../../src/domain/analysis-view';
import type { JudgeVerdict } from '../../../src/domain/judge/verdict';
import { metric, readingOf, start, taken } from './metric-builder';

const phases = { '+': 'Successful', '?': 'Inconclusive', '-': 'Failed' } as const;

function judgeMetric(count: number | undefined): MetricSpec {
  const {
    successCondition: _,
    count: _all,
    ...rest
  } = metric({
    name: 'j',
    intervalMs: 60_000,
    inconclusiveLimit: Number.MAX_SAFE_INTEGER,
    provider: { judge: {} },
  });
  return { ...rest, ...(count !== undefined && { count }) };
}

const verdictOf = (letter: keyof typeof phases): JudgeVerdict => ({
  phase: phases[letter],
  value: `score ${letter}`,
  sentence: `the judge says ${letter}`,
});

/** A run after looks: `+` passes, `?` is inconclusive, `-` fails; `e` and `o` are errors and outages of its queries. */
function after(letters: string, count?: number): AnalysisRun {
  const spec = judgeMetric(count);
  return [...letters].reduce(
    (run, letter, index) => {
      const reading =
        letter === 'e' || letter === 'o'
          ? readingOf(letter)
          : ({ kind: 'judged', verdict: verdictOf(letter as keyof typeof phases) } as const);
      return takeReading([spec], run, taken('j', reading, start + index * 60_000));
    },
    startAnalysis([spec], start),
  );
}

test.each([
  ['+', 1, 'Successful'],
  ['?', 1, 'Inconclusive'],
  ['-', 1, 'Failed'],
  ['+', 2, 'Running'],
  ['?', 2, 'Running'],
  ['-', 2, 'Failed'],
  ['?+', 2, 'Successful'],
  ['+?', 2, 'Inconclusive'],
  ['++-', 4, 'Failed'],
  ['?e?o', 4, 'Running'],
  ['?eo+', 2, 'Successful'],
  ['eeeee', 3, 'Error'],
  ['?+?+?', undefined, 'Running'],
])('looks %s of %s are %s', (letters, count, phase) => {
  const run = after(letters, count);
  expect(run.phase).toBe(phase);
  if (phase === 'Failed' || phase === 'Inconclusive')
    expect(run.message).toBe(`the judge says ${letters.at(-1)}`);
});

test.each([
  ['+', 'Successful'],
  ['?', 'Inconclusive'],
  ['?+', 'Successful'],
  ['+?o', 'Inconclusive'],
  ['', 'Successful'],
])('what is ended after %s is %s', (letters, phase) => {
  expect(stopAnalysis(after(letters), start + 600_000).phase).toBe(phase);
});

test('says what the newest look came to, and the verdict with its numbers', () => {
  const [running] = after('?', 2).metrics;
  expect(running && metricText(running, () => 'now')).toBe('last score ?, now');
  expect(explainRun(after('-', 2))).toBe('Analysis Failed: the judge says -');
});

test('looks again an interval after the last one, sooner after an error', () => {
  const next = (letters: string) => dueMetrics([judgeMetric(5)], after(letters, 5), 0).nextAt;
  expect(next('+')).toBe(start + 20 + 60_000);
  expect(next('e')).toBe(start + 20 + 10_000);
});
