import { randomOf } from '../simulate/random';
import type { FaultName } from './fault-names';
import type { Moment } from './lines';
import type { StoryName } from './story-names';

/** An activity of a story, the first or a later one of its type. */
export interface Boundary {
  readonly story: StoryName;
  readonly activity: string;
  /** From 1, counted over all workflows of the story. */
  readonly occurrence: number;
}

/** Where a worker dies. */
export interface Strike extends Boundary {
  readonly moment: Moment;
}

/** A telling of a story, and what befalls it. */
export interface Turn {
  readonly story: StoryName;
  /** How many workers there are while it is begun. */
  readonly workers: 1 | 2;
  readonly strikes: readonly Strike[];
  /** Besides, in the middle of this activity. */
  readonly fault?: { readonly name: FaultName; readonly at: Boundary };
}

export interface PlanOptions {
  readonly seed: number;
  readonly kills: number;
  readonly faults: readonly FaultName[];
  readonly stories: readonly StoryName[];
  /** Kill at these only; empty: at all. */
  readonly activities: readonly string[];
}

const moments: readonly Moment[] = ['before', 'middle', 'after'];
/** More kills of one telling would make it long, and its neighbours suffer the same ones. */
const strikesOfTurn = 4;

export function strikeKey({ story, activity, occurrence, moment }: Strike): string {
  return `${story} ${activity} ${occurrence} ${moment}`;
}

/** All places at which a worker can die in what was recorded. */
export function allStrikes(boundaries: readonly Boundary[]): readonly Strike[] {
  return boundaries.flatMap((each) => moments.map((moment) => ({ ...each, moment })));
}

/**
 * Chooses by the seed alone: where there are more places than kills, those whose kind (activity and moment, then story) was chosen
 * least; where there are fewer, all of them several times. The first half has two workers, the second one.
 */
export function planTurns(boundaries: readonly Boundary[], options: PlanOptions): readonly Turn[] {
  const random = randomOf('chaos', options.seed);
  const uniform = (): number => random.uniform();
  const isAimedAt = ({ activity }: Boundary): boolean =>
    options.activities.length === 0 || options.activities.includes(activity);
  const order = shuffle(allStrikes(boundaries.filter(isAimedAt)), uniform);
  const chosen = chooseStrikes(order, options.kills);
  const turns = shuffle(
    options.stories.flatMap((story) => turnsOf(story, chosen)),
    uniform,
  );
  const half = Math.ceil(turns.length / 2);
  const withWorkers = turns.map((turn, index): Turn => ({ ...turn, workers: index < half ? 2 : 1 }));
  const faults = options.faults.map((name) => faultTurn(name, boundaries, options.stories, uniform));
  return spread(shuffle(faults, uniform), withWorkers, half);
}

function chooseStrikes(order: readonly Strike[], kills: number): readonly Strike[] {
  const counts = new Map<string, number>();
  const count = (key: string): number => counts.get(key) ?? 0;
  const keysOf = (strike: Strike): readonly string[] => [
    strikeKey(strike),
    `${strike.story} ${strike.activity} ${strike.moment}`,
    `${strike.activity} ${strike.moment}`,
  ];
  const chosen: Strike[] = [];
  while (chosen.length < kills && order.length > 0) {
    const ranked = order.map((strike) => ({ strike, rank: keysOf(strike).map(count) }));
    const best = ranked.reduce((a, b) => (isLess(b.rank, a.rank) ? b : a)).strike;
    for (const key of keysOf(best)) counts.set(key, count(key) + 1);
    chosen.push(best);
  }
  return chosen;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}

/** A strike comes once in a telling: the same one again is for another. */
function turnsOf(story: StoryName, chosen: readonly Strike[]): readonly Pick<Turn, 'story' | 'strikes'>[] {
  const turns: { story: StoryName; strikes: Strike[] }[] = [];
  for (const strike of chosen.filter((each) => each.story === story)) {
    const key = strikeKey(strike);
    const free = turns.find(
      ({ strikes }) => strikes.length < strikesOfTurn && !strikes.some((each) => strikeKey(each) === key),
    );
    if (free === undefined) turns.push({ story, strikes: [strike] });
    else free.strikes.push(strike);
  }
  return turns;
}

interface Aim {
  readonly stories: readonly StoryName[];
  readonly activities: RegExp;
}

const goingBack: readonly StoryName[] = ['canary-bad', 'abort', 'blue-green-bad'];
const comingOut: readonly StoryName[] = ['canary-good', 'abort', 'blue-green-good'];
const gitNext: Aim = { stories: goingBack, activities: /^returnTraffic$/ };
const weighing: Aim = { stories: goingBack, activities: /^(reachWeight|returnTraffic)$/ };

/**
 * Freezing and cutting off are about writes of a rollout: setting the weight, or the rollback. Git is written soon after traffic is back.
 * A disk is needed for that too; a clock counts while pods are waited for.
 */
const aims: Readonly<Partial<Record<FaultName, Aim>>> = {
  frozen: weighing,
  'cut-from-temporal': weighing,
  'git-dropping': gitNext,
  'git-down': gitNext,
  'git-slow': gitNext,
  'disk-full': { stories: goingBack, activities: /^(startCanary|reachWeight)$/ },
  'clock-jumping': { stories: comingOut, activities: /^(startCanary|reachWeight)$/ },
};

function faultTurn(
  name: FaultName,
  boundaries: readonly Boundary[],
  stories: readonly StoryName[],
  uniform: () => number,
): Turn {
  const aim = aims[name];
  const fitting = boundaries.filter(
    (each) => aim === undefined || (aim.stories.includes(each.story) && aim.activities.test(each.activity)),
  );
  const at = pick(fitting.length > 0 ? fitting : boundaries, uniform);
  if (at === undefined) throw new Error(`nothing was recorded of ${stories.join(', ')}`);
  return { story: at.story, workers: 2, strikes: [], fault: { name, at } };
}

function pick<T>(list: readonly T[], uniform: () => number): T | undefined {
  return list[Math.floor(uniform() * list.length)];
}

/** Puts the faults evenly among the first `room` turns. */
function spread(faults: readonly Turn[], turns: readonly Turn[], room: number): readonly Turn[] {
  const every = Math.max(1, Math.floor(room / Math.max(1, faults.length)));
  const left = [...faults];
  const mixed = turns.flatMap((turn, index) =>
    index % every === 0 && index < room ? [...left.splice(0, 1), turn] : [turn],
  );
  return [...left, ...mixed];
}

function shuffle<T>(list: readonly T[], uniform: () => number): readonly T[] {
  const shuffled = [...list];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(uniform() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
