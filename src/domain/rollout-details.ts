import { describeStep } from './describe-step';
import type { RolloutStatus, StepMark } from './rollout-status';

const signs: Readonly<Record<StepMark, string>> = { done: '✔', now: '◌', next: '·', skipped: '–' };

/** The rollout as Markdown for Temporal's UI ("current details"): a sentence, a table of steps, what was done about a failure. */
export function detailsOf(status: RolloutStatus): string {
  const { spec, phase, message, steps, log, since } = status;
  const head = `**${spec.namespace}/${spec.name}**: ${phase}. ${message} (since ${clock(since)})`;
  const rows = steps.map(
    ({ step, mark, at }, index) =>
      `| ${index + 1} | ${describeStep(step)} | ${signs[mark]} ${mark} | ${at === undefined ? '' : clock(at)} |`,
  );
  const table =
    rows.length === 0 ? [] : ['', '| # | step | state | since |', '| --- | --- | --- | --- |', ...rows];
  const events = log.length === 0 ? [] : ['', ...log.map(({ at, text }) => `- ${clock(at)} ${text}`)];
  return [head, ...table, ...events].join('\n');
}

function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}
