import type { Problem } from '../domain/problem';
import type { RolloutGate } from '../messages/release';
import type { Started } from './start-rollout';

/** What an application remembers as a member of a release, besides its state. */
export class MemberRun {
  /** Id of the release for which a revision is being brought out right now. */
  delivering: string | undefined;
  /** Where rollouts wait, by their ids. */
  readonly gates = new Map<string, RolloutGate>();
  /** Rollouts in progress that nobody waits for at the moment: each waits at its gate. */
  gated: readonly Started[] = [];
  /** What a person must mend, where that and no obstacle ended the last try. */
  refusal: readonly Problem[] | undefined;
  /** What drift is healed to while a revision is being brought out; absent: the good one. */
  bringing: { readonly revision: string; readonly pins?: readonly string[] } | undefined;
  /** How the release has ended that has not set its member free. */
  lost: string | undefined;
  /** When it is looked whether the release still runs, epoch milliseconds. */
  nextLook = 0;
  /** What `releases` was told last. */
  told: { readonly release: string; readonly text: string } | undefined;
  isTelling = false;
  /** The application is being deleted. */
  isLeaving = false;
}
