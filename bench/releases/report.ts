import type { Outcome } from './run';

/** Seconds in which all traffic is back after a failure is known. */
const backWithin = 5;

/** What must be so of a release; of a broken one, that everything came back. */
export function faults(outcome: Outcome): readonly string[] {
  const { version, phase, trafficBack, wrong, commits, isTreeRight, kills, lost } = outcome;
  const isBroken = trafficBack !== undefined;
  const wanted = isBroken ? 'Degraded' : 'Healthy';
  return [
    ...(phase === wanted ? [] : [`${version} ended ${phase}, not ${wanted}`]),
    // A worker that is dead moves nothing: with kills the time is shown and not judged.
    ...(isBroken && kills === 0 && trafficBack > backWithin
      ? [`${version}: all traffic was back after ${trafficBack.toFixed(1)} s, not within ${backWithin} s`]
      : []),
    ...(wrong.length === 0 ? [] : [`${version}: of the wrong version: ${wrong.join(', ')}`]),
    ...(commits === (isBroken ? 1 : 0) ? [] : [`${version}: ${commits} commits on top`]),
    ...(isTreeRight ? [] : [`${version}: Git's tree is not what it must be`]),
    ...(lost.length === 0 ? [] : [`${version}: fewer ready endpoints at some moment: ${lost.join(', ')}`]),
  ];
}

export function report(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ version, phase, seconds, trafficBack, commits, kills }) =>
    [
      version,
      phase,
      `${seconds.toFixed(1)} s`,
      trafficBack === undefined ? '' : `${trafficBack.toFixed(1)} s`,
      commits,
      kills,
    ].join(' | '),
  );
  const table = [
    '| version | ended | took | failure known → all traffic back | revert commits | kills |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ];
  const wrong = outcomes.flatMap(faults);
  return `${[...table, '', ...(wrong.length === 0 ? ['Every claim held.'] : wrong)].join('\n')}\n`;
}
