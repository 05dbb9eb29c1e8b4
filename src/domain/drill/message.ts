import type { DrillFault } from './fault';

/** Names the drill that a commit belongs to; what is left of a drill is found by it. */
export const drillTrailer = 'Belay-Drill';

/** Of the commit that takes it out again, where Belay did not. */
const takenBackTrailer = 'Belay-Drill-Taken-Back';

interface Drilled {
  readonly id: string;
  /** The application or release. */
  readonly name: string;
  readonly fault: DrillFault;
  readonly what: string;
}

/** The message of the commit that breaks the application. */
export function drillMessage({ id, name, fault, what }: Drilled): string {
  return [
    `Drill ${name}: broken on purpose (${fault})`,
    '',
    fault === 'experiment'
      ? `A version of ${what} for an experiment to hit, to rehearse a failed deployment.`
      : `${what} is broken on purpose, to rehearse a failed deployment.`,
    'Belay is expected to take this commit back within moments.',
    'If it has not, this finds what is left and takes it out:',
    '',
    `    belay drill ${name} --clean-up`,
    '',
    `${drillTrailer}: ${id}`,
    '',
  ].join('\n');
}

/** The message of the commit that takes out what drills have left. */
export function takeBackMessage(name: string, ids: readonly string[]): string {
  return [
    `Take back what a drill of ${name} has left`,
    '',
    'The files are as they were before the drill.',
    '',
    ...ids.map((id) => `${takenBackTrailer}: ${id}`),
    '',
  ].join('\n');
}
