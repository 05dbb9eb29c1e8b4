import { parseArgs } from 'node:util';

export interface Options {
  readonly rollbacks: number;
  readonly applications: number;
  readonly kills: number;
  readonly writerMs: number;
  /** File for the figures as JSON. */
  readonly output: string;
}

export const usage = `npm run bench -- rollbacks [options]   that no revert is lost or doubled when everybody writes to one branch

It starts a Git server with a token, a Temporal server, the writer workflow and a worker of the Git queue of its own, and ends them.

  --rollbacks N      (1000)
  --applications N   that share them, each with a directory of the repository (20)
  --kills N          of the worker of the Git queue by SIGKILL, spread over the run (10)
  --writer MS        longest pause of the second writer between two pushes (3000)
  --output FILE      figures as JSON (bench-rollbacks.json)`;

/** Throws an Error with a sentence for a person. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rollbacks: { type: 'string', default: '1000' },
      applications: { type: 'string', default: '20' },
      kills: { type: 'string', default: '10' },
      writer: { type: 'string', default: '3000' },
      output: { type: 'string', default: 'bench-rollbacks.json' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    rollbacks: wholeNumber('--rollbacks', values.rollbacks, 1),
    applications: wholeNumber('--applications', values.applications, 1),
    kills: wholeNumber('--kills', values.kills, 0),
    writerMs: wholeNumber('--writer', values.writer, 0),
    output: values.output,
  };
}

/** An option that is a count. Throws an Error with a sentence for a person. */
export function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} ${text} is not a whole number of at least ${least}`);
}
