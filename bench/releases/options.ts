import { parseArgs } from 'node:util';
import { wholeNumber } from '../rollbacks/options';

export interface Options {
  readonly services: number;
  readonly waves: number;
  readonly kills: number;
  /** File for the figures as JSON. */
  readonly output: string;
}

export const usage = `npm run bench -- releases [options]   that a release of many services comes back as one

It starts a local Kubernetes, Temporal and a worker, releases a good version, and then one whose last service cannot start: once as it
is, and once while the worker is killed again and again. It ends what it has started, and exits with 1 when a goal is missed.

  --services N   (20)
  --waves N      each depends on all of the one before (4)
  --kills N      of the worker by SIGKILL, spread over the release and its way back (20)
  --output FILE  figures as JSON (bench-releases.json)`;

/** Throws an Error with a sentence for a person. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '20' },
      waves: { type: 'string', default: '4' },
      kills: { type: 'string', default: '20' },
      output: { type: 'string', default: 'bench-releases.json' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const services = wholeNumber('--services', values.services, 1);
  const waves = wholeNumber('--waves', values.waves, 1);
  if (waves > services) throw new Error(`--waves ${waves} is more than the ${services} services`);
  return { services, waves, kills: wholeNumber('--kills', values.kills, 0), output: values.output };
}
