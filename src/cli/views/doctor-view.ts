import type { DoctorCheck, DoctorReport, Finding } from '../../domain/doctor/report';
import { fieldList, oneLine } from '../output/table';
import type { View } from '../output/view';

/** As many names as a line takes; all of them are in the data. */
const named = 8;

const titles: Readonly<Record<DoctorCheck, string>> = {
  temporal: 'Temporal',
  searchAttributes: 'search attributes',
  queues: 'task queues',
  versions: 'versions of workers',
  workflowTasks: 'workflow code',
  activities: 'activities',
  histories: 'histories',
  applications: 'applications',
};

/** What was looked at, one a line, then each finding with why, since when, whom it concerns and what to do. */
export function doctorView({ checks, findings }: DoctorReport, view: View): string[] {
  const { style } = view;
  const lines = checks.map(({ check, looked, findings: count }) => {
    const mark = count === 0 ? style.good('✔') : style.bad('✖');
    return `${mark} ${titles[check]}: ${looked}${count === 0 ? '' : `; ${count} found`}`;
  });
  return [...lines, ...findings.flatMap((finding) => ['', ...findingLines(finding, view)])];
}

function findingLines({ what, why, since, remedy, affects }: Finding, { style, when }: View): string[] {
  const others = affects.length - named;
  const more = others > 0 ? ` and ${others} more` : '';
  const fields = fieldList([
    ['Why', why],
    ['Since', since === undefined ? undefined : when(since)],
    ['Concerns', affects.length === 0 ? undefined : `${affects.slice(0, named).join(', ')}${more}`],
    ['Try', remedy],
  ]);
  return [`${style.bad('✖')} ${style.bold(oneLine(what))}`, ...fields.map((line) => `  ${line}`)];
}
