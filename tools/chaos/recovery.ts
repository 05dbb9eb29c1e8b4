import type { ActivityMoment } from './lines';
import type { Post } from './crew';

/** How long it takes to go on after a kill, in milliseconds. */
export interface Recovery {
  /** A worker was killed at this moment; whether another one was alive. */
  killed(moment: ActivityMoment, anotherLives: boolean): void;
  /** A worker has become ready. */
  back(): void;
  /** An activity is handed to a worker. */
  handed(moment: ActivityMoment, post: Post): void;
  /** Resolves with the milliseconds until an activity of this workflow is handed to another post. */
  nextElsewhere(workflowId: string, post: Post): Promise<number>;
  figures(): RecoveryFigures;
}

export interface RecoveryFigures {
  /** From the moment on which a worker is there (again): to the first activity of anybody. */
  readonly any: readonly number[];
  /** The same, to the next activity of the very workflow that was struck. */
  readonly own: readonly number[];
}

interface Kill {
  readonly workflowId: string;
  back: number | undefined;
  isAny: boolean;
}

export function watchRecovery(now: () => number = () => performance.now()): Recovery {
  let open: Kill[] = [];
  let waiting: { readonly workflowId: string; readonly post: Post; readonly handed: () => void }[] = [];
  const any: number[] = [];
  const own: number[] = [];
  return {
    killed: ({ workflowId }, anotherLives) => {
      open.push({ workflowId, back: anotherLives ? now() : undefined, isAny: false });
    },
    back: () => {
      for (const kill of open) kill.back ??= now();
    },
    handed: ({ workflowId }, post) => {
      for (const kill of open) {
        if (kill.back === undefined) continue;
        const passed = now() - kill.back;
        if (!kill.isAny) any.push(passed);
        kill.isAny = true;
        if (kill.workflowId === workflowId) own.push(passed);
      }
      open = open.filter((kill) => kill.back === undefined || kill.workflowId !== workflowId);
      const met = waiting.filter((each) => each.workflowId === workflowId && each.post !== post);
      waiting = waiting.filter((each) => !met.includes(each));
      for (const each of met) each.handed();
    },
    nextElsewhere: (workflowId, post) => {
      const begun = now();
      return new Promise((resolve) => {
        waiting.push({ workflowId, post, handed: () => resolve(now() - begun) });
      });
    },
    figures: () => ({ any, own }),
  };
}
