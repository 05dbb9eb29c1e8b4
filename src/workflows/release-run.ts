import {
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { directiveOf } from '../domain/release/directive';
import { isThere, membersOf } from '../domain/release/progress';
import { releaseDetails } from '../domain/release/release-details';
import type { ReleaseState } from '../domain/release/state';
import { reasonOf } from '../domain/release/verdict';
import { BelayApp, BelayPhase, BelayReason, BelayRevision } from '../messages/search-attributes';

/** What a member was told last. */
interface Told {
  /** The directive as JSON, or empty: it must be told again. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isAnswered: boolean;
}

/** The state of one release and what it has sent; the story is in `release.ts`. */
export class ReleaseRun {
  /** By application. */
  readonly told = new Map<string, Told>();
  /** In lockstep: what each rollout wanted and was granted last, as text. */
  readonly granted = new Map<string, string>();
  /** When the writer of each branch was asked last, by request id. Epoch milliseconds. */
  readonly asked = new Map<string, number>();
  /** Something was said since the last decision. */
  isNews = true;
  /** Messages on their way. */
  sending = 0;
  /** One timer at most, for the first moment at which there is something to do without news. */
  private alarm: { readonly at: number; readonly scope: CancellationScope } | undefined;
  private shown: { readonly phase: string; readonly reason: string } | undefined;

  constructor(public state: ReleaseState) {
    // In a life after the first, only those who are not there yet are told again.
    for (const member of membersOf(state).filter(isThere))
      this.told.set(member.application, textOf(state, member.application));
    this.show();
  }

  /** Takes over a new state and decides again. */
  change(state: ReleaseState): void {
    if (state === this.state) return;
    this.state = state;
    this.isNews = true;
  }

  /**
   * Decides again at this moment at the latest. A timer that rings before it is left as it is: to ring in vain costs less of the history
   * than to set it anew with each message.
   */
  wakeBy(at: number): void {
    if (at === Infinity || (this.alarm !== undefined && this.alarm.at <= at)) return;
    this.alarm?.scope.cancel();
    const scope = new CancellationScope();
    this.alarm = { at, scope };
    void scope
      .run(() => sleep(Math.max(1, at - Date.now()), { summary: 'before deciding again' }))
      .then(() => {
        this.alarm = undefined;
        this.isNews = true;
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  /** Shows the state in Temporal's UI: details always, search attributes only where they changed (each costs an event). */
  show(): void {
    const { state } = this;
    setCurrentDetails(releaseDetails(state));
    const reason =
      state.verdict === undefined
        ? ''
        : reasonOf(state.verdict, (member) => state.members[member]?.failure?.code);
    const next = { phase: state.phase, reason };
    const changed = [
      ...(this.shown === undefined ? first(state) : []),
      ...(next.phase === this.shown?.phase ? [] : [{ key: BelayPhase, value: next.phase }]),
      ...(next.reason === (this.shown?.reason ?? '') ? [] : [{ key: BelayReason, value: reason }]),
    ];
    this.shown = next;
    if (changed.length > 0) upsertSearchAttributes(changed);
  }
}

function textOf(state: ReleaseState, application: string): Told {
  const member = state.members[application];
  const directive = member === undefined ? undefined : directiveOf(state, member);
  return { text: JSON.stringify(directive), at: Date.now(), isAnswered: true };
}

function first(state: ReleaseState) {
  const revisions = [...new Set(Object.values(state.members).map(({ revision }) => revision))];
  const [revision = ''] = revisions;
  return [
    { key: BelayApp, value: state.spec.name },
    ...(revisions.length === 1 ? [{ key: BelayRevision, value: revision.slice(0, 12) }] : []),
  ];
}
