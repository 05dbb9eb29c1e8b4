import { failsByData } from './score';
import type { Interval, JudgeConfig, Judgement, MetricJudgement } from './types';

/** What a look of the judge means for a rollout, in a few characters and in a sentence with numbers. */
export interface JudgeVerdict {
  readonly phase: 'Successful' | 'Inconclusive' | 'Failed';
  /** `score 50: errors High, latency Pass`, `too little data: errors Nodata`. */
  readonly value: string;
  readonly sentence: string;
}

/**
 * From `pass` on Successful, from `marginal` on Inconclusive, below it Failed. A score that is low only since data are missing or too few is
 * Inconclusive: nothing is known to be worse. For Kayenta it is a failure.
 */
export function verdictOf(judgement: Judgement, config: JudgeConfig): JudgeVerdict {
  const { score, metrics } = judgement;
  const classes = metrics.map(({ name, classification }) => `${name} ${classification}`);
  const { number, planned } = config.look ?? { number: 1, planned: 1 };
  const look = planned === 1 ? '' : ` (look ${number}${planned === undefined ? '' : ` of ${planned}`})`;
  const phase = phaseOf(judgement, config);
  // A score of 0 for lack of data would be read as a bad one.
  const isUnknown = phase === 'Inconclusive' && judgement.classification === 'Fail';
  const value = `${isUnknown ? 'too little data' : `score ${score}`}: ${classes.join(', ')}`;
  return { phase, value, sentence: `${headOf(judgement, config, phase)}: ${detailsOf(metrics)}${look}` };
}

function phaseOf({ classification, metrics }: Judgement, config: JudgeConfig): JudgeVerdict['phase'] {
  if (classification === 'Pass') return 'Successful';
  const isFailure = classification === 'Fail' && (config.kayenta === true || failsByData(metrics, config));
  return isFailure ? 'Failed' : 'Inconclusive';
}

function headOf(
  { classification, score }: Judgement,
  { thresholds: { pass, marginal } }: JudgeConfig,
  phase: JudgeVerdict['phase'],
): string {
  const head = `the judge scores the canary ${score} of 100`;
  if (phase === 'Successful') return head;
  if (classification === 'Marginal') return `${head}, at least ${marginal} but below ${pass}`;
  return phase === 'Failed' ? `${head}, below ${marginal}` : 'the judge has too little data to tell';
}

/** What counts against the canary or is not known, then the names of what passed. */
function detailsOf(metrics: readonly MetricJudgement[]): string {
  const passed = metrics.filter(({ classification }) => classification === 'Pass').map(({ name }) => name);
  const told = metrics.filter(({ classification }) => classification !== 'Pass').map(detailOf);
  return [
    ...told,
    ...(passed.length === 0 ? [] : [`no difference that counts in ${passed.join(', ')}`]),
  ].join('; ');
}

function detailOf({ name, classification, critical, muted, reason, interval }: MetricJudgement): string {
  const marks = [...(critical ? ['critical'] : []), ...(muted ? ['muted'] : [])];
  const aside = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  if (classification !== 'High' && classification !== 'Low')
    return `${name}${aside} ${classification}, ${reason}`;
  return `${name}${aside} is ${classification}${interval === undefined ? '' : `, ${numbersOf(interval)}`}`;
}

/** `4.6 times the baseline's share of bad requests (2.1 to 9.8)`, `by 0.12 (0.08 to 0.2)`. */
function numbersOf({ kind, estimate, low, high }: Interval): string {
  const [from, to] = [
    low === undefined ? undefined : short(low),
    high === undefined ? undefined : short(high),
  ];
  const span = to === undefined ? `at least ${from ?? 'some'}` : `${from ?? 0} to ${to}`;
  if (kind === 'shift') return `by ${short(estimate ?? 0)} (${span})`;
  const times =
    estimate === undefined
      ? 'all bad requests are the canary’s'
      : `${short(estimate)} times the baseline’s share of bad requests`;
  return `${times} (${span})`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
