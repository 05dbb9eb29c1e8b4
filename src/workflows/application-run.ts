import type { ApplicationSpec } from '../domain/application-spec';
import { emptyState, type ApplicationState, type Hold } from '../domain/application-state';
import type { ApplicationStatus, Operation } from '../domain/application-status';
import { statusOf, type SourceProblem } from '../domain/application-view';
import type { Problem } from '../domain/problem';
import type { WorkloadPlan } from '../domain/revision-plan';
import type { RolloutOutcome } from '../domain/rollout-status';
import type * as messages from '../messages/application';
import type { FailedRollouts } from './rollout-ends';
import { cannotReach, type FailedActivity } from './application-attempt';
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
  readonly restored = new Map<string, messages.RestoreEnded['result']>();
  /** Rollouts in progress: workload → workflow id. */
  readonly rollouts = new Map<string, string>();
  sourceProblem: SourceProblem | undefined;
  /** When to try again after something did not answer. */
  retry: { readonly at: number } | undefined;
  private tries = 0;
  /** A failed rollout whose revert gave way to a commit on top: if that one holds the bad version too, it is reverted. */
  blamed: FailedRollouts | undefined;
  /** The workloads of the revision that was synced last: they may have restarts to come. */
  delivered: readonly WorkloadPlan[];
  /** No restart before this moment: the last one could not be carried out. Epoch milliseconds. */
  restartsRest = 0;
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
    this.problems([cannotReach(error)]);
    this.retry = { at: Date.now() + Math.min(retryCapMs, retryFirstMs * 2 ** this.tries) };
    this.tries += 1;
  }

  takeHints(): readonly string[] {
    const hints = [...this.hints];
    this.hints.clear();
    return hints;
  }
}
