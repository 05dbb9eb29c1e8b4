import type { Event, FaultKind } from './model-faults';
import type { Case } from './model-lab';
import { messages, type MessageName } from './model-messages';
import type { StepName } from './model-world';

const faults: readonly FaultKind[] = ['retryable', 'final', 'lost', 'silent'];
const says = Object.keys(messages) as readonly MessageName[];

/** The activities of each story when nothing goes wrong. */
export type Recorded = Readonly<Record<string, readonly StepName[]>>;

/** One fault at each activity of each story. */
export function singleFaults(recorded: Recorded): readonly Case[] {
  return each(recorded, (steps) => steps.flatMap(faultsAt).map((fault) => [fault]));
}

/** Each message at each activity of each story, before and after its effect. */
export function singleMessages(recorded: Recorded): readonly Case[] {
  return each(recorded, (steps) =>
    steps.flatMap((step) =>
      says.flatMap((message): Event[][] => [
        [{ kind: 'message', step, message, when: 'before' }],
        [{ kind: 'message', step, message, when: 'after' }],
      ]),
    ),
  );
}

/** Each pair of faults at two activities of these stories. */
export function pairsOfFaults(recorded: Recorded): readonly Case[] {
  return each(recorded, (steps) =>
    steps.flatMap((one, index) =>
      steps
        .slice(index + 1)
        .flatMap((other) =>
          faultsAt(one).flatMap((first) => faultsAt(other).map((second) => [first, second])),
        ),
    ),
  );
}

/** As many of the cases, chosen by a seed: the same seed chooses the same. */
export function sample(cases: readonly Case[], count: number, seed: number): readonly Case[] {
  const left = [...cases];
  const random = mulberry(seed);
  const chosen: Case[] = [];
  while (chosen.length < count && left.length > 0) {
    const [one] = left.splice(Math.floor(random() * left.length), 1);
    if (one !== undefined) chosen.push(one);
  }
  return chosen;
}

/** `failed canary: silent at returnTraffic#1, abort before removeCanary#1`. */
export function describeCase({ story, events }: Case): string {
  const words = events.map((event) =>
    event.kind === 'fault'
      ? `${event.fault} at ${event.step}`
      : `${event.message} ${event.when} ${event.step}`,
  );
  return `${story}: ${words.join(', ')}`;
}

function each(
  recorded: Recorded,
  events: (steps: readonly StepName[]) => readonly Event[][],
): readonly Case[] {
  return Object.entries(recorded).flatMap(([story, steps]) =>
    events(steps).map((mine): Case => ({ story, events: mine })),
  );
}

/** What runs until it is cancelled has no answer that could be lost. */
function faultsAt(step: StepName): readonly Event[] {
  return faults.map((fault) => ({ kind: 'fault', step, fault }));
}

/** A small generator of numbers from 0 to 1. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
