import { analysisTable } from './details-analyses';
import { describeStep } from './describe-step';
import { cell, clock, tableOf, withLog } from './markdown';
import type { HookStatus, RolloutStatus, SideStatus, StepMark } from './rollout-status';

const signs: Readonly<Record<StepMark, string>> = { done: '✔', now: '◌', next: '·', skipped: '–' };
const hookSigns: Readonly<Record<HookStatus['mark'], string>> = {
  done: '✔',
  failed: '✖',
  running: '◌',
  undone: '–',
};

/**
 * The rollout as Markdown for Temporal's UI ("current details"), at most 8 000 bytes: a sentence, both versions, tables of steps and
 * of analyses, hooks and experiments, and what was done. What is too much is left out, of the log the oldest entries.
 */
export function detailsOf(status: RolloutStatus): string {
  const { spec, phase, message, since } = status;
  const head = `**${spec.namespace}/${spec.name}**: ${phase}. ${message.slice(0, 600)} (since ${clock(since)})`;
  const parts = [head, ...sides(status), ...stepTable(status), ...analysisTable(status), ...beside(status)];
  return withLog(parts, status.log);
}

function sides({ spec, weight, actualWeight, pods }: RolloutStatus): string[] {
  if (pods === undefined) return [];
  const isWeighted = spec.strategy.kind === 'canary' && actualWeight !== undefined;
  const weights = isWeighted ? [`- weight ${weight}, actual ${actualWeight}`] : [];
  const { at, stable, canary } = pods;
  return [
    '',
    ...weights,
    `- stable: ${sideText(stable, at)}`,
    ...(canary === undefined ? [] : [`- new: ${sideText(canary, at)}`]),
  ];
}

function sideText({ images, desired, available }: SideStatus, at: number): string {
  const names = images.map((image) => `\`${cell(image, 120)}\``);
  return [...names, `${available} of ${desired} pods available (${clock(at)})`].join(', ');
}

function stepTable({ steps }: RolloutStatus): string[] {
  const rows = steps.map(({ step, mark, at }, index) => [
    String(index + 1),
    cell(describeStep(step), 100),
    `${signs[mark]} ${mark}`,
    at === undefined ? '' : clock(at),
  ]);
  return tableOf(
    ['#', 'step', 'state', 'since'],
    aroundNow(
      rows,
      steps.findIndex(({ mark }) => mark === 'now'),
    ),
  );
}

/** Of very many steps those about the present one. */
function aroundNow(rows: readonly string[][], now: number): readonly string[][] {
  const start = Math.max(0, Math.min(now - 10, rows.length - 30));
  return rows.slice(start, start + 30);
}

/** Hooks and experiments, a line for each. */
function beside({ hooks = [], experiments = [] }: RolloutStatus): string[] {
  const lines = [
    ...hooks.map(
      ({ name, phase, mark, at, sentence = '' }) =>
        `- hook ${name} (${phase}): ${hookSigns[mark]} ${mark} ${clock(at)} ${cell(sentence, 200)}`,
    ),
    ...experiments.map(
      ({ step, phase, since, message = '' }) =>
        `- experiment of step ${step}: ${phase} ${clock(since)} ${cell(message, 200)}`,
    ),
  ];
  return lines.length === 0 ? [] : ['', ...lines.map((line) => line.trimEnd())];
}
