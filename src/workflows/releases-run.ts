import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { declared } from '../domain/release/plan';
import { releasesDetails } from '../domain/release/releases-details';
import type { ReleasesState } from '../domain/release/releases-state';
import type { ReleaseSpec } from '../domain/release/spec';
import type { ReleaseState } from '../domain/release/state';
import type { Request, RestoreEnd } from '../messages/application';
import type { ReleasesInput } from '../messages/release';
import { BelayApp, BelayPhase, BelayReason } from '../messages/search-attributes';

/** What a person has asked for and the main function has not yet done. */
export type Asked =
  | { readonly kind: 'declare'; readonly file: ReleaseSpec }
  | { readonly kind: 'drop' | 'start' | 'retry' | 'undo'; readonly request: Request };

const none: ReleasesState = { number: 0, members: {}, problems: [], history: [] };

/** The state of the entity of a release's name; the story is in `releases.ts`. */
export class ReleasesRun {
  readonly name: string;
  state: ReleasesState;
  readonly asked: Asked[] = [];
  /** Ends of releases that nobody has taken in yet. */
  readonly ended: ReleaseState[] = [];
  /** Answers of writers of Git, by request id. */
  readonly restored = new Map<string, RestoreEnd>();
  /** Something was said since the last look. */
  isNews = false;
  /** The newer commit for which the release under way was told to give way. */
  gaveWay: string | undefined;
  /** When to look again whether the release under way still runs. Epoch milliseconds. */
  lookAt = 0;
  /** When to try again to start: a cluster had no worker. Epoch milliseconds. */
  startAgain: number | undefined;
  /** When the members of the file that have told nothing are told again that they belong to it, and after how long then. */
  join: { readonly at: number; readonly delay: number } | undefined;
  private shown: { readonly phase: string; readonly reason: string } | undefined;

  constructor({ name, state }: ReleasesInput) {
    this.name = name;
    this.state = state ?? none;
    this.show();
  }

  change(part: Partial<ReleasesState>): void {
    this.state = { ...this.state, ...part };
  }

  /** Takes parts out of the state. */
  drop(...keys: readonly (keyof ReleasesState)[]): void {
    const kept = Object.entries(this.state).filter(([key]) => !keys.includes(key as keyof ReleasesState));
    this.state = Object.fromEntries(kept) as unknown as ReleasesState;
  }

  /** What came of a request, for whoever asked. */
  answer(text: string, isPassing = false): void {
    this.change({ answer: { at: Date.now(), text, ...(isPassing ? { isPassing } : {}) } });
  }

  /** Why nothing comes out, or undefined: kept with the time since when it is so. */
  queue(reason: string | undefined): void {
    if (reason === this.state.queued?.reason) return;
    if (reason === undefined) this.drop('queued');
    else this.change({ queued: { since: this.state.queued?.since ?? Date.now(), reason } });
  }

  /** Looks at the declaration anew. */
  review(unserved?: ReadonlySet<string>): ReturnType<typeof declared> {
    const read = declared(this.name, this.state, unserved);
    this.change({ problems: read.ok ? [] : read.problems.slice(0, 20) });
    return read;
  }

  show(): void {
    const { running, history, problems } = this.state;
    setCurrentDetails(releasesDetails(this.name, this.state));
    const phase = running === undefined ? (history[0]?.phase ?? '') : 'Progressing';
    const next = { phase, reason: problems[0]?.code ?? '' };
    const orNull = (text: string): string | null => (text === '' ? null : text);
    const changed = [
      ...(this.shown === undefined ? [{ key: BelayApp, value: this.name }] : []),
      ...(next.phase === (this.shown?.phase ?? '') ? [] : [{ key: BelayPhase, value: orNull(phase) }]),
      ...(next.reason === (this.shown?.reason ?? '')
        ? []
        : [{ key: BelayReason, value: orNull(next.reason) }]),
    ];
    this.shown = next;
    if (changed.length > 0) upsertSearchAttributes(changed);
  }
}
