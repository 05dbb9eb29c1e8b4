import type { FaultCame, Record, Violation } from './record';
import { storyNames } from './story-names';
import type { Moment } from './lines';

/** One line while it runs. */
export function progressLine(record: Record): string {
  const told = [...record.stories.values()].reduce((sum, each) => sum + each, 0);
  return (
    `${record.seconds().toFixed(0).padStart(4)} s  kills ${record.kills.length}/${record.options.kills}` +
    `  faults ${record.faults.length}/${record.options.faults.length}` +
    `  stories ${told}  violations ${record.violations.length}`
  );
}

/** What is printed at the end. */
export function reportOf(record: Record): string {
  const { options } = record;
  return [
    table(record),
    '',
    `seed ${options.seed}: ${record.kills.length} kills at ${record.covered} of ${record.places} places` +
      ` (before, in the middle of and after each activity of each story), ${record.faults.length} other faults,` +
      ` ${record.violations.length} violations, ${record.seconds().toFixed(0)} s`,
    ...(record.missing.length > 0 ? [`NOT DONE in the time: ${record.missing.join(', ')}`] : []),
    ...record.faults.map(faultLine),
    ...recoveryLines(record),
    ...record.underWay().map(({ name, befell }) => `not ended: ${[name, ...befell].join('; ')}`),
    ...record.violations.flatMap((violation) => violationLines(violation, options.seed)),
  ].join('\n');
}

const moments: readonly Moment[] = ['before', 'middle', 'after'];

function table({ stories, kills, faults }: Record): string {
  const names = storyNames.filter((name) => stories.has(name));
  const width = 17;
  const line = (head: string, cells: readonly (string | number)[]): string =>
    head.padEnd(20) + cells.map((cell) => String(cell).padStart(width)).join('');
  const faultsByName = [
    ...new Set(faults.filter((each) => each.skipped === undefined).map(({ name }) => name)),
  ];
  return [
    line('', names),
    line(
      'told',
      names.map((name) => stories.get(name) ?? 0),
    ),
    ...moments.map((moment) =>
      line(
        `killed ${moment}`,
        names.map((name) => kills.filter((each) => each.story === name && each.moment === moment).length),
      ),
    ),
    ...faultsByName.map((fault) =>
      line(
        fault,
        names.map((name) => faults.filter((each) => each.story === name && each.name === fault).length),
      ),
    ),
  ].join('\n');
}

function faultLine({ name, at, story, wentOnMs, skipped }: FaultCame): string {
  if (skipped !== undefined) return `${name}: not done: ${skipped}`;
  const wentOn = wentOnMs === undefined ? '' : `; another worker went on after ${seconds(wentOnMs)}`;
  return `${name}: in the middle of ${at} of ${story}${wentOn}`;
}

function recoveryLines(record: Record): readonly string[] {
  const { any, own } = record.recovery();
  return [
    `a worker is back → the next activity of a story: ${percentiles(any)}`,
    `a worker is back → the next activity of the workflow that was struck: ${percentiles(own)}`,
  ];
}

function percentiles(list: readonly number[]): string {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): string =>
    seconds(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} (${sorted.length} kills)`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

/** What was not so, and what befell the workers. */
export function violationLines({ name, broken, befell }: Violation, seed: number): readonly string[] {
  return [
    '',
    `VIOLATION in ${name} (seed ${seed})`,
    ...broken.map(({ promise, found }) => `  not so: ${promise}; found: ${found}`),
    ...befell.map((each) => `  befell: ${each}`),
  ];
}
