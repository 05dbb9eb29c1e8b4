import { unleash, type Adversary } from './adversary';
import { openCrew, type Crew } from './crew';
import { faults } from './faults';
import type { ChaosOptions } from './options';
import { allStrikes, planTurns, type Boundary, type Turn } from './plan';
import { createRecord, type Record } from './record';
import { watchRecovery, type Recovery } from './recovery';
import type { Stage } from './stage';
import { tellTurn } from './telling';

/** So many stories are told side by side: one kill strikes them all. */
const lanes = 5;

/** What the parts of a run share. */
export interface Run {
  readonly options: ChaosOptions;
  readonly stage: Stage;
  readonly crew: Crew;
  readonly recovery: Recovery;
  readonly adversary: Adversary;
  readonly record: Record;
  /** One fault at a time. */
  inOrder<T>(act: () => Promise<T>): Promise<T>;
  nextNumber(): number;
}

/** Records every story once undisturbed, then has the adversary act until there were enough kills and every fault has come. */
export async function runChaos(
  options: ChaosOptions,
  stage: Stage,
  undo: (() => Promise<void>)[],
  watch: (record: Record) => () => void,
): Promise<Record> {
  const crew = await openCrew(stage);
  undo.push(() => crew.disband());
  const recovery = watchRecovery();
  crew.onReady(() => recovery.back());
  const adversary = unleash(crew, recovery);
  const record = createRecord(options, adversary, recovery);
  let number = 0;
  let last: Promise<unknown> = Promise.resolve();
  const run: Run = {
    ...{ options, stage, crew, recovery, adversary, record },
    inOrder: (act) => {
      const next = last.then(act);
      last = next.catch(() => undefined);
      return next;
    },
    nextNumber: () => (number += 1),
  };
  const unwatch = watch(record);
  try {
    await Promise.all(crew.posts.map((post) => post.ready()));
    const boundaries = await recordStories(run);
    record.planned(allStrikes(boundaries).length);
    await tellAll(run, boundaries);
    await record.lookAgain();
    return record;
  } finally {
    unwatch();
  }
}

async function recordStories(run: Run): Promise<readonly Boundary[]> {
  const turns = run.options.stories.map((story): Turn => ({ story, workers: 2, strikes: [] }));
  const told = await inLanes(turns, async (turn) => (await tellTurn(run, turn)).boundaries);
  return told.flat();
}

/** Strikes and faults whose moment did not come are planned again; when that does not help, others are. */
async function tellAll(run: Run, boundaries: readonly Boundary[]): Promise<void> {
  const { options, adversary, record } = run;
  let missing = options.faults;
  for (let round = 0; hasTime(run); round += 1) {
    const kills = options.kills - adversary.done.length;
    missing = missing.filter((name) => !record.hasCome(name));
    if (kills <= 0 && missing.length === 0) return;
    const turns = planTurns(boundaries, { ...options, seed: options.seed + round, kills, faults: missing });
    if (turns.length === 0) break;
    for (const turn of turns.filter(isCalm)) await tellInTime(run, turn);
    await inLanes(
      turns.filter((turn) => !isCalm(turn)),
      (turn) => tellInTime(run, turn),
    );
  }
  const left = missing.filter((name) => !record.hasCome(name));
  record.outOfTime(options.kills - adversary.done.length, left);
}

/** A fault that takes one of two workers needs both, and nobody is killed meanwhile. */
function isCalm({ fault }: Turn): boolean {
  return fault !== undefined && faults[fault.name].isCalm;
}

function hasTime({ options, record }: Run): boolean {
  return record.seconds() < options.minutes * 60;
}

/** Unless there is no time left, or kills enough. */
async function tellInTime(run: Run, turn: Turn): Promise<void> {
  const { options, adversary, crew } = run;
  const isWanted = turn.fault !== undefined || adversary.done.length < options.kills;
  if (!hasTime(run) || !isWanted) return;
  if (turn.workers === 2) for (const post of crew.posts) post.enlist();
  else await crew.posts[1]?.dismiss();
  if (isCalm(turn)) await Promise.all(crew.posts.map((post) => post.ready()));
  await tellTurn(run, turn);
}

async function inLanes<T, R>(list: readonly T[], act: (each: T) => Promise<R>): Promise<readonly R[]> {
  const left = [...list];
  const results: R[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results.push(await act(next));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
