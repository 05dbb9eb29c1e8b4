import { percentile } from '../gitops/statistics';
import type { Machine } from '../machine';
import type { Outcome } from './run';

/** The largest history that a run of the writer may have, in events. */
export const mostEvents = 4_000;

/** Whether everything was as it must be. */
export function isGood({ faults, histories }: Pick<Outcome, 'faults' | 'histories'>): boolean {
  return faults.length === 0 && histories.every((events) => events < mostEvents);
}

/** The figures as Markdown. */
export function report(outcome: Outcome, machine: Machine): string {
  const { rollbacks, reverts, commits, faults, histories, seconds } = outcome;
  const [middle, most] = [0.5, 0.95].map((share) =>
    percentile(
      rollbacks.map(({ ms }) => ms / 1000),
      share,
    ).toFixed(1),
  );
  const applications = new Set(rollbacks.map(({ application }) => application)).size;
  const rows = [
    ['rollbacks asked for', `${rollbacks.length} by ${applications} applications`],
    ['revert commits', `${reverts} of ${commits} commits`],
    ['lost, doubled, or with another file', faults.length === 0 ? 'none' : `${faults.length} faults`],
    [
      'pushes of the second writer (of those made anew because ours came first)',
      `${outcome.othersPushes} (${outcome.othersLost})`,
    ],
    ['the worker was killed', `${outcome.kills} times`],
    [
      'time',
      `${seconds.toFixed(0)} s, ${(rollbacks.length / seconds).toFixed(2)} rollbacks a second, all one after the other`,
    ],
    ['request → answer with the queue before it, p50 / p95', `${middle} / ${most} s`],
    ['runs of the writer workflow', `${histories.length}, at most ${Math.max(...histories)} events`],
  ];
  return [
    `${machine.cpus} CPUs (${machine.model}) for all of it; load average, 1 min: ${machine.load.map((each) => each.toFixed(1)).join(', ')} at the start and the end.`,
    '',
    '| figure | measured |',
    '| --- | ---: |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...faults.slice(0, 20).map((fault) => `- ${fault}`),
    '',
  ].join('\n');
}
