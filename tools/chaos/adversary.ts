import type { Crew, Post } from './crew';
import type { ActivityMoment } from './lines';
import { strikeKey, type Boundary, type Strike, type Turn } from './plan';
import type { Recovery } from './recovery';
import type { StoryName } from './story-names';

/** A story while it is told, as the adversary sees it. */
export interface Telling {
  readonly name: string;
  readonly story: StoryName;
  /** What befell the workers meanwhile, in words: strikes meant for others, too. */
  readonly befell: readonly string[];
  /** The activities that were handed to workers. */
  readonly boundaries: readonly Boundary[];
  /** Strikes whose moment has not come. */
  pending(): readonly Strike[];
}

/** Called in the middle of the activity that the fault of a telling is planned for. */
export type OnFault = (post: Post, moment: ActivityMoment) => void;

/** Strikes at planned moments. One kill strikes every story under way. */
export interface Adversary {
  begin(name: string, turn: Pick<Turn, 'story' | 'strikes' | 'fault'>, onFault?: OnFault): Telling;
  end(telling: Telling): void;
  /** Something other than a strike has happened: it is told to those under way. */
  note(what: string): void;
  readonly done: readonly Strike[];
  /** Those that have begun and not ended. */
  underWay(): readonly Telling[];
}

interface Mutable extends Telling {
  readonly befell: string[];
  readonly boundaries: Boundary[];
  readonly left: Map<string, Strike>;
  readonly counts: Map<string, number>;
  fault: { readonly at: Boundary; readonly call: OnFault } | undefined;
}

export function unleash(crew: Crew, recovery: Recovery): Adversary {
  const tellings = new Map<string, Mutable>();
  const done: Strike[] = [];
  const note = (what: string): void => {
    for (const each of tellings.values()) each.befell.push(what);
  };

  crew.onActivity(async (post, moment) => {
    const telling = tellings.get(nameIn(moment.workflowId, tellings));
    if (telling === undefined) return;
    if (moment.moment === 'before') recovery.handed(moment, post);
    const boundary = count(telling, moment);
    const { fault } = telling;
    if (fault !== undefined && moment.moment !== 'before' && isSame(fault.at, boundary)) {
      telling.fault = undefined;
      fault.call(post, moment);
      return;
    }
    const strike = { ...boundary, moment: moment.moment };
    if (!telling.left.delete(strikeKey(strike))) return;
    done.push(strike);
    note(
      `kill ${moment.moment} ${moment.activity} #${boundary.occurrence} of ${telling.name} (worker ${post.name})`,
    );
    recovery.killed(
      moment,
      crew.posts.some((each) => each !== post && each.worker !== undefined),
    );
    await post.kill();
  });

  return {
    done,
    note,
    underWay: () => [...tellings.values()],
    begin(name, { story, strikes, fault }, onFault) {
      const left = new Map(strikes.map((strike) => [strikeKey(strike), strike]));
      const telling: Mutable = {
        ...{ name, story, left, befell: [], boundaries: [], counts: new Map<string, number>() },
        pending: () => [...left.values()],
        fault: fault === undefined || onFault === undefined ? undefined : { at: fault.at, call: onFault },
      };
      tellings.set(name, telling);
      return telling;
    },
    end: ({ name }) => void tellings.delete(name),
  };
}

/** Names of applications are in the ids of all their workflows. */
function nameIn(workflowId: string, tellings: ReadonlyMap<string, unknown>): string {
  return workflowId.split(/[/#]/).find((part) => tellings.has(part)) ?? '';
}

/** Later attempts are the same occurrence. */
function count(telling: Mutable, { activity, moment, attempt }: ActivityMoment): Boundary {
  const before = telling.counts.get(activity) ?? 0;
  const isNew = (moment === 'before' && attempt === 1) || before === 0;
  const occurrence = isNew ? before + 1 : before;
  const boundary = { story: telling.story, activity, occurrence };
  if (isNew) {
    telling.counts.set(activity, occurrence);
    telling.boundaries.push(boundary);
  }
  return boundary;
}

function isSame(a: Boundary, b: Boundary): boolean {
  return a.activity === b.activity && a.occurrence === b.occurrence;
}
