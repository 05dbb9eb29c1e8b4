import type { FailureCode, Grace } from './pod-verdict';
import type { Millis } from './strategy';

/** Something that is wrong with a pod now and is, or after its grace becomes, a failure. */
export interface Trouble {
  readonly kind: 'trouble';
  readonly code: FailureCode;
  readonly reason: string;
  readonly message: string;
  /** 0: a failure at once. */
  readonly grace: Millis;
  /** Nothing but the version itself can cause it, whatever the state of stable. */
  readonly isOwnFault: boolean;
  /** What is wrong, as a clause: `the image app:v9 does not exist`. */
  readonly what: string;
  /** What a person does about it, as a sentence. */
  readonly todo: string;
  /** Counts this trouble's grace apart from the same trouble under other circumstances. */
  readonly episode?: string;
  readonly speaker: 'kubelet' | 'scheduler' | 'API server';
}

/** Something that is normal for a while: the rollout's deadline alone ends it. */
export interface Pending {
  readonly kind: 'pending';
  readonly reason: string;
  readonly message: string;
}

/** A finding and where it was made. */
export type PodFinding = (Trouble | Pending) & {
  readonly object: string;
  readonly pod?: string;
  readonly container?: string;
};

/** What the judgement of one container or pod needs from outside of it. */
export interface JudgeContext {
  readonly grace: Grace;
  readonly generated: readonly string[];
  readonly existing: readonly string[];
}

/** Builds a trouble; without a grace it is a failure at once, and the kubelet says so. */
export function trouble(
  facts: Pick<Trouble, 'code' | 'reason' | 'message' | 'what' | 'todo'> & Partial<Trouble>,
): Trouble {
  return { kind: 'trouble', grace: 0, isOwnFault: false, speaker: 'kubelet', ...facts };
}

const LONGEST = 500;

/**
 * Other people's words made fit for a status: one line, not endless, without the output of commands and without credentials
 * (registries redirect to signed URLs, and errors quote them).
 */
export function tidy(message: string | undefined): string {
  const line = (message ?? '')
    .replace(/(https?:\/\/)[^\s/"@]+@/g, '$1')
    .replace(/(https?:\/\/[^\s?"]+)\?[^\s"]+/g, '$1?…')
    .replace(/, message: "(?:[^"\\]|\\.)*"/gs, '') // what a hook's command printed
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
