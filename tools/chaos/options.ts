import { parseArgs } from 'node:util';
import { faultNames, type FaultName } from './fault-names';
import { storyNames, type StoryName } from './story-names';

/** What a run of the adversary is asked for. */
export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly stories: readonly StoryName[];
  /** Kill at these activities only; empty: at all. */
  readonly activities: readonly string[];
  /** Other faults than the kills; each comes at least once. */
  readonly faults: readonly FaultName[];
  /** After this long no new story is begun. */
  readonly minutes: number;
  /** How long an outage lasts, in milliseconds. */
  readonly outageMs: number;
  /** Against the real Temporal service that `TEMPORAL_ADDRESS` names, instead of a local development server. */
  readonly postgres: boolean;
}

export const usage = `usage: npm run chaos -- [--kills N] [--seed S] [--stories A,B] [--faults kill,A,B] [--activities A,B] [--minutes M] [--postgres]

  --kills     how many workers are killed at least; default 120
  --seed      a number: the same seed plans the same; default: by the clock, and printed
  --stories   ${storyNames.join(', ')}; default all
  --faults    kill, ${faultNames.join(', ')}; default all
  --activities  kill at these only, such as restorePath; default all
  --minutes   begin no story after so long; default 15
  --postgres  on the real Temporal service that TEMPORAL_ADDRESS names, in a namespace of its own`;

/** From so many kills on it is the full run, with outages of 30 s. */
const fullRun = 400;

/** Reads the command line; throws an error whose text is for the person who typed it. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): ChaosOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kills: { type: 'string', default: '120' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      stories: { type: 'string', default: storyNames.join(',') },
      faults: {
        type: 'string',
        default: ['kill', ...faultNames].join(','),
      },
      activities: { type: 'string', default: '' },
      minutes: { type: 'string', default: '15' },
      postgres: { type: 'boolean', default: false },
    },
  });
  if (values.postgres && (env['TEMPORAL_ADDRESS'] ?? '') === '')
    throw new Error('--postgres needs TEMPORAL_ADDRESS: host:port of the Temporal service to use');
  const faults = readNames('--faults', values.faults, ['kill', ...faultNames]);
  const kills = readNumber('--kills', values.kills);
  return {
    kills: faults.includes('kill') ? kills : 0,
    seed: readNumber('--seed', values.seed),
    stories: readNames('--stories', values.stories, storyNames),
    faults: faultNames.filter(
      (each) => faults.includes(each) && !(values.postgres && each === 'temporal-killed'),
    ),
    activities: values.activities.split(',').filter((each) => each !== ''),
    minutes: readNumber('--minutes', values.minutes),
    outageMs: kills >= fullRun ? 30_000 : 10_000,
    postgres: values.postgres,
  };
}

function readNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option} ${text} is not a whole number`);
  return Number(text);
}

function readNames<T extends string>(option: string, text: string, known: readonly T[]): readonly T[] {
  const wanted = text.split(',').map((each) => each.trim());
  const strange = wanted.filter((each) => !known.some((name) => name === each));
  if (strange.length > 0)
    throw new Error(`${option}: there is no ${strange.join(', ')}; there are ${known.join(', ')}`);
  return known.filter((each) => wanted.includes(each));
}
