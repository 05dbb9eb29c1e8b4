import type { ApplicationSpec } from '../domain/application-spec';
import { emptyState, type ApplicationState, type Hold } from '../domain/application-state';
import type { ApplicationStatus, Operation } from '../domain/application-status';
import { statusOf, type SourceProblem } from '../domain/application-view';
import type { Problem } from '../domain/problem';
import type { WindowState } from '../domain/project/window-state';
import type { WorkloadPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { nextRetry } from '../domain/sync/retry';
import type { RolloutOutcome } from '../domain/rollout-status';
import type * as messages from '../messages/application';
import type { FailedRollouts } from './rollout-ends';
import { cannotReach, type FailedActivity } from './application-attempt';
import { MemberRun } from './application-member-run';
import { createShow } from './application-show';

/** What a person has asked for and the main function has not yet done. */
export type Asked =
  | { readonly kind: 'configure'; readonly spec: ApplicationSpec }
  | { readonly kind: 'sync'; readonly request: messages.SyncRequest }
  | { readonly kind: 'retry'; readonly request: messages.Request }
  | { readonly kind: 'undo'; readonly request: messages.UndoRequest }
  | { readonly kind: 'delete'; readonly request: messages.DeleteRequest };

const eventsKept = 30;
const retryFirstMs = 2_000;
const retryCapMs = 60_000;

/** The state of one application and its message handlers; the story is in `application.ts`. */
export class ApplicationRun {
  state: ApplicationState;
  operation: Operation | undefined;
  readonly asked: Asked[] = [];
  /** The cluster observer has seen a foreign change of these objects. */
  readonly hints = new Set<string>();
  /** Ends of rollouts and restores that nobody has taken yet. */
  readonly ended = new Map<string, RolloutOutcome>();
  readonly restored = new Map<string, messages.RestoreEnd>();
  /** Why a restore takes so long. */
  readonly delayed = new Map<string, Problem>();
  /** Rollouts in progress: workload → workflow id. */
  readonly rollouts = new Map<string, string>();
  sourceProblem: SourceProblem | undefined;
  /** When to try again after something did not answer. */
  retry: { readonly at: number } | undefined;
  private tries = 0;
  private triedFor: string | undefined;
  /** A failed rollout whose revert gave way to a commit on top: if that one holds the bad version too, it is reverted. */
  blamed: FailedRollouts | undefined;
  /** The workloads of the revision that was synced last: they may have restarts to come. */
  delivered: readonly WorkloadPlan[];
  /** No restart before this moment: the last one could not be carried out. Epoch milliseconds. */
  restartsRest = 0;
  /** Whether the sync windows of the project let the revision that was read last sync. */
  window: WindowState | undefined;
  /** The cluster goes back to the good revision: nothing newer is looked at until it is there. */
  isGoingBack = false;
  /** As a member of a release. */
  readonly member = new MemberRun();
  /** When the sync under way must have ended, epoch milliseconds. */
  deadline: { readonly at: number; readonly why: string } | undefined;
  spec: ApplicationSpec;
  private readonly showStatus = createShow();

  constructor({ spec, state, delivered }: messages.ApplicationInput) {
    this.spec = spec;
    this.delivered = delivered ?? [];
    this.state = state ?? emptyState;
  }

  show(): void {
    this.showStatus(this.status());
  }

  status(): ApplicationStatus {
    return statusOf({
      spec: this.spec,
      state: this.state,
      operation: this.operation,
      rollouts: [...this.rollouts.values()],
      sourceProblem: this.sourceProblem,
    });
  }

  /** Changes the state; every change goes through here. */
  change(part: Partial<ApplicationState>): void {
    this.state = { ...this.state, ...part };
    this.show();
  }

  /** Takes parts out of the state. */
  drop(...keys: readonly (keyof ApplicationState)[]): void {
    const kept = Object.entries(this.state).filter(([key]) => !keys.includes(key as keyof ApplicationState));
    this.state = Object.fromEntries(kept) as unknown as ApplicationState;
    this.show();
  }

  begin(kind: Operation['kind'], message: string, revision?: string): void {
    this.operation = { kind, message, since: Date.now(), ...(revision === undefined ? {} : { revision }) };
    this.show();
  }

  end(): void {
    this.operation = undefined;
    this.show();
  }

  tell(text: string): void {
    this.change({ events: [...this.state.events, { at: Date.now(), text }].slice(-eventsKept) });
  }

  hold(hold: Omit<Hold, 'since'>): undefined {
    this.change({ hold: { ...hold, since: Date.now() } });
    this.tell(`held: ${hold.reason}`);
  }

  release(): void {
    const { hold, ...rest } = this.state;
    if (hold === undefined) return;
    this.state = rest;
    this.tell(`no longer held (${hold.code})`);
  }

  /** Replaces the problems; the time is that of the first look at which there were any. */
  problems(problems: readonly Problem[]): void {
    if (problems.length === 0) this.retry = undefined;
    const { problemsSince, ...rest } = this.state;
    this.state = {
      ...rest,
      problems,
      ...(problems.length === 0 ? {} : { problemsSince: problemsSince ?? Date.now() }),
    };
    this.show();
  }

  /** A new specification: what was written by the old one is written again. */
  configure(spec: ApplicationSpec): void {
    const { applied: _applied, pins, ...state } = this.state;
    const isSameSources = JSON.stringify(spec.otherSources) === JSON.stringify(this.spec.otherSources);
    this.state = isSameSources && pins !== undefined ? { ...state, pins } : state;
    this.spec = spec;
    this.forgetCompared();
  }

  /** Revisions of the other sources, where there are any. */
  pins(): readonly string[] | undefined {
    const { otherSources } = this.spec;
    return otherSources?.map((_source, index) => this.state.pins?.[index] ?? '');
  }

  /** What Git says now, in all sources: it is compared with what was looked at last. */
  wanted(): string {
    return lookedAt(this.state.head ?? '', this.pins());
  }

  /** Whether `revision` is what was looked at last. */
  isCompared(revision: string | undefined): boolean {
    return revision !== undefined && this.state.compared === lookedAt(revision, this.pins());
  }

  /** What Git says now needs no look. */
  compared(): void {
    this.state = { ...this.state, compared: this.wanted() };
  }

  /** The head is looked at again. */
  forgetCompared(): void {
    const { compared: _compared, ...state } = this.state;
    this.state = state;
  }

  /** Everything answered: the next obstacle is tried again soon. */
  unobstructed(): void {
    this.tries = 0;
    this.blamed = undefined;
  }

  /** Something does not answer: shown as a problem, and everything is tried again later. */
  obstructed(error: FailedActivity): void {
    this.member.refusal = undefined;
    this.problems([cannotReach(error)]);
    this.tryLater(Math.min(retryCapMs, retryFirstMs * 2 ** this.tries));
  }

  /** A person must mend it in Git; it is tried again by itself only where the application asks for that (`syncPolicy.retry`). */
  refused(problems: readonly Problem[]): void {
    this.member.refusal = problems;
    this.problems(problems);
    if (this.spec.retry !== undefined) this.tryLater();
  }

  /** Argo CD's retry where the application has one, which may end; else after `ms`. */
  private tryLater(ms?: number): void {
    const { retry } = this.spec;
    this.tries += 1;
    const delay = retry === undefined ? ms : nextRetry(retry, this.tries);
    this.retry = delay === undefined ? undefined : { at: Date.now() + delay };
  }

  /** Everything is looked at again then. */
  lookAgain(at: number): void {
    this.retry = { at };
  }

  /** Tries are counted for each revision anew. */
  begins(looked: string): void {
    if (looked !== this.triedFor) this.tries = 0;
    this.triedFor = looked;
  }

  takeHints(): readonly string[] {
    const hints = [...this.hints];
    this.hints.clear();
    return hints;
  }
}
