import type { Adversary, Telling } from './adversary';
import type { FaultEnd } from './faults';
import type { FaultName } from './fault-names';
import type { ChaosOptions } from './options';
import { strikeKey, type Turn } from './plan';
import type { Broken } from './promises';
import type { Recovery, RecoveryFigures } from './recovery';
import type { StoryRepository } from './repository';
import type { StoryName } from './story-names';

/** A story with promises that did not hold. */
export interface Violation {
  readonly name: string;
  readonly broken: readonly Broken[];
  /** What befell the workers while it was told. */
  readonly befell: readonly string[];
}

/** A fault that came, or why it could not. */
export interface FaultCame {
  readonly name: FaultName;
  readonly story: StoryName;
  readonly at: string;
  readonly wentOnMs?: number;
  readonly skipped?: string;
}

/** What has happened in a run so far. */
export interface Record {
  readonly options: ChaosOptions;
  readonly violations: readonly Violation[];
  readonly faults: readonly FaultCame[];
  /** Stories told, by name. */
  readonly stories: ReadonlyMap<StoryName, number>;
  /** Places at which a worker could have died. */
  readonly places: number;
  readonly kills: Adversary['done'];
  readonly covered: number;
  underWay(): readonly Telling[];
  recovery(): RecoveryFigures;
  seconds(): number;
  planned(places: number): void;
  told(telling: Telling, what: ToldTurn): void;
  hasCome(fault: FaultName): boolean;
  /** Keeps what Git is now: nothing may come after it. */
  watchGit(name: string, repository: StoryRepository): void;
  /** Compares every repository with what it was when its story ended. */
  lookAgain(): Promise<void>;
  /** What was not done in the time. */
  readonly missing: readonly string[];
  outOfTime(kills: number, faults: readonly FaultName[]): void;
}

export interface ToldTurn {
  readonly turn: Turn;
  readonly broken: readonly Broken[];
  readonly end?: FaultEnd;
}

export function createRecord(options: ChaosOptions, adversary: Adversary, recovery: Recovery): Record {
  const begun = performance.now();
  const violations: Violation[] = [];
  const faults: FaultCame[] = [];
  const missing: string[] = [];
  const stories = new Map<StoryName, number>();
  const heads = new Map<string, { readonly repository: StoryRepository; readonly head: Promise<string> }>();
  let places = 0;
  const headOf = ({ git }: StoryRepository): Promise<string> => git('rev-parse', 'refs/heads/main');

  return {
    ...{ options, violations, faults, stories, missing },
    get places() {
      return places;
    },
    kills: adversary.done,
    get covered() {
      return new Set(adversary.done.map(strikeKey)).size;
    },
    underWay: () => adversary.underWay(),
    recovery: () => recovery.figures(),
    seconds: () => (performance.now() - begun) / 1_000,
    planned: (count) => void (places = count),
    told({ name, befell }, { turn, broken, end }) {
      stories.set(turn.story, (stories.get(turn.story) ?? 0) + 1);
      if (broken.length > 0) violations.push({ name, broken, befell });
      if (turn.fault !== undefined && end !== undefined) {
        const { name: fault, at } = turn.fault;
        const { broken: _broken, ...more } = end;
        faults.push({ name: fault, story: turn.story, at: `${at.activity} #${at.occurrence}`, ...more });
      }
    },
    hasCome: (fault) => faults.some((each) => each.name === fault),
    watchGit: (name, repository) => void heads.set(name, { repository, head: headOf(repository) }),
    async lookAgain() {
      for (const [name, { repository, head }] of heads) {
        const [before, now] = [await head, await headOf(repository)];
        if (before === now) continue;
        const broken = [
          { promise: 'nothing is committed after the story', found: `${before} became ${now}` },
        ];
        violations.push({ name, broken, befell: [] });
      }
    },
    outOfTime(kills, faultsLeft) {
      missing.push(...(kills > 0 ? [`${kills} kills`] : []), ...faultsLeft);
    },
  };
}
