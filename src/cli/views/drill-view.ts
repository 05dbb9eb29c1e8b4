import type { Check, Scorecard } from '../../domain/drill/scorecard';
import { formatMillis } from '../../domain/duration';
import { shortRevision } from '../../domain/explain-time';
import type { Style } from '../output/style';
import { fieldList, oneLine, table } from '../output/table';

/** A scorecard: what was done, how long it took, and how each promise came out. */
export function drillView(card: Scorecard, style: Style): string[] {
  const { subject, fault, branch, revision, probe, checks, passed } = card;
  const failed = checks.filter(({ held }) => !held).length;
  return [
    '',
    ...fieldList([
      ['Drill', `${fault} of ${subject}, ${card.id}`],
      ['Git', `${shortRevision(revision)} on ${branch}`],
      ['Detected', spanOf(card.detectMs, 'after the push')],
      ['Traffic back', spanOf(card.restoreMs, 'after the verdict')],
      ['All back', spanOf(card.backMs, 'after the push')],
      [
        'Requests',
        probe && `${probe.lost} of ${probe.sent} lost, the slowest took ${formatMillis(probe.slowestMs)}`,
      ],
      ['First lost', probe?.firstLoss],
    ]),
    '',
    ...table(checks.map((check) => rowOf(check, style))),
    '',
    passed
      ? style.good(`${subject}: all promises held`)
      : style.bad(`${subject}: ${failed} of ${checks.length} promises did not hold`),
  ];
}

function spanOf(millis: number | undefined, from: string): string {
  return millis === undefined ? 'not seen' : `${formatMillis(millis)} ${from}`;
}

function rowOf({ application, promise, held, seen }: Check, style: Style): string[] {
  const mark = held ? style.good('✔') : style.bad('✖');
  return [`${mark} ${application === undefined ? '' : `${application}: `}${promise}`, oneLine(seen)];
}
