import {
  CancellationScope,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { fencesPerRollout } from '../domain/plans/context';
import { detailsOf } from '../domain/rollout-details';
import type {
  FailureReport,
  RolloutPhase,
  RolloutSpec,
  RolloutStatus,
  StepMark,
} from '../domain/rollout-status';
import type { Percent } from '../domain/strategy';
import type { Accepted, Request } from '../messages/application';
import * as messages from '../messages/rollout';
import { BelayApp, BelayPhase, BelayReason, BelayRevision, BelayWeight } from '../messages/search-attributes';

/** Why a rollout turns back. */
export type TurnBack =
  | { readonly kind: 'failed'; readonly failure: FailureReport }
  | { readonly kind: 'aborted'; readonly by: string; readonly reason?: string }
  | { readonly kind: 'superseded'; readonly by: string };

/** The state of one rollout and its message handlers; the story is in `rollout.ts`. */
export class RolloutRun {
  status: RolloutStatus;
  /** Steps run in it; turning back cancels it. */
  readonly forward = new CancellationScope();
  turnBack: TurnBack | undefined;
  /** A person ended the pause step / wants no more steps. */
  promoted = false;
  full = false;
  /** Wanted pods: Git's count, or the live one once the canary has been started. */
  replicas: number | undefined;
  private fences: number;

  constructor(readonly spec: RolloutSpec) {
    const steps = spec.strategy.kind === 'canary' && spec.pace === 'steps' ? spec.strategy.steps : [];
    const now = Date.now();
    this.replicas = spec.replicas;
    this.fences = spec.number * fencesPerRollout;
    this.status = {
      spec,
      phase: 'Progressing',
      message: 'starting',
      since: now,
      startedAt: now,
      steps: steps.map((step) => ({ step, mark: 'next' })),
      weight: 0,
      pastReturn: false,
      log: [],
    };
  }

  /** The next fencing number: each writing activity has its own, its retries share it. */
  nextFence(): number {
    this.fences += 1;
    return this.fences;
  }

  listen(): void {
    setHandler(messages.rolloutStatusQuery, () => this.status);
    setHandler(messages.pauseUpdate, (request) => this.pause(request), {
      validator: (_request) => {
        this.refuseWhen(this.status.pastReturn, 'the new version is already the stable one');
        this.refuseWhen(this.status.pausedBy !== undefined, 'it is paused already');
      },
      description: 'Hold before the next step',
    });
    setHandler(messages.resumeUpdate, (request) => this.resume(request), {
      validator: (_request) =>
        this.refuseWhen(
          this.status.pausedBy === undefined,
          'nobody has paused it; `promote` ends a pause step',
        ),
      description: 'Go on after a pause by a person',
    });
    setHandler(messages.promoteUpdate, (request) => this.promote(request), {
      validator: (_request) =>
        this.refuseWhen(this.status.phase !== 'Paused', 'it is at no pause step; --full skips all steps'),
      description: 'End the current pause step',
    });
    setHandler(messages.promoteFullUpdate, (request) => this.promoteFull(request), {
      validator: (_request) => this.refuseWhen(false, ''),
      description: 'Skip all remaining steps',
    });
    setHandler(messages.abortUpdate, (request) => this.abort(request), {
      validator: (_request) =>
        this.refuseWhen(this.status.pastReturn, 'the new version is already the stable one; use undo'),
      description: 'Go back to the stable version',
    });
    setHandler(
      messages.pauseSignal,
      (request) => void (this.canTurn() && this.status.pausedBy === undefined && this.pause(request)),
    );
    setHandler(messages.abortSignal, (request) => void (this.canTurn() && this.abort(request)));
    setHandler(messages.supersedeSignal, ({ revision }) => this.goBack({ kind: 'superseded', by: revision }));
  }

  /** Cancels the steps under way; the first reason counts, and after the point of no return there is none. */
  goBack(reason: TurnBack): void {
    if (!this.canTurn()) return;
    this.turnBack = reason;
    this.forward.cancel();
  }

  private canTurn(): boolean {
    return this.turnBack === undefined && !this.status.pastReturn && this.status.outcome === undefined;
  }

  private refuseWhen(isRefused: boolean, why: string): void {
    if (this.status.outcome !== undefined) throw new Error(`the rollout of ${this.spec.name} has ended`);
    if (this.turnBack !== undefined) throw new Error(`the rollout of ${this.spec.name} is rolling back`);
    if (isRefused) throw new Error(why);
  }

  private pause({ requestedBy, reason }: Request): Accepted {
    const pausedBy = { by: requestedBy, since: Date.now(), ...(reason === undefined ? {} : { reason }) };
    this.status = { ...this.status, pausedBy };
    this.note(`paused by ${requestedBy}`);
    return { message: `${this.spec.name} holds before its next step` };
  }

  private resume({ requestedBy }: Request): Accepted {
    const { pausedBy: _pausedBy, ...rest } = this.status;
    this.status = rest;
    this.note(`resumed by ${requestedBy}`);
    return { message: `${this.spec.name} goes on` };
  }

  private promote({ requestedBy }: Request): Accepted {
    this.promoted = true;
    this.note(`promoted by ${requestedBy}`);
    return { message: `the current pause of ${this.spec.name} ends` };
  }

  private promoteFull({ requestedBy }: Request): Accepted {
    this.full = true;
    const { pausedBy: _pausedBy, ...rest } = this.status;
    this.status = rest;
    this.note(`fully promoted by ${requestedBy}`);
    return { message: `${this.spec.name} skips its remaining steps` };
  }

  private abort({ requestedBy, reason }: Request): Accepted {
    this.goBack({ kind: 'aborted', by: requestedBy, ...(reason === undefined ? {} : { reason }) });
    return { message: `${this.spec.name} goes back to its stable version` };
  }

  /** The phase and the sentence that people see; search attributes only when they change, each costs an event. */
  say(phase: RolloutPhase, message: string): void {
    const isNew = this.status.phase !== phase || this.status.message !== message;
    if (!isNew) return;
    if (this.status.phase !== phase) upsertSearchAttributes([{ key: BelayPhase, value: phase }]);
    this.status = { ...this.status, phase, message, since: Date.now() };
    this.show();
  }

  announce(): void {
    const { application, target } = this.spec;
    upsertSearchAttributes([
      { key: BelayApp, value: application },
      { key: BelayPhase, value: this.status.phase },
      { key: BelayRevision, value: target.revision.slice(0, 12) },
      { key: BelayWeight, value: 0 },
    ]);
    this.show();
  }

  blame(code: string): void {
    upsertSearchAttributes([{ key: BelayReason, value: code }]);
  }

  mark(index: number, mark: StepMark): void {
    const steps = this.status.steps.map((each, at) =>
      at === index ? { ...each, mark, at: Date.now() } : each,
    );
    this.status = { ...this.status, steps };
    this.show();
  }

  weighs(weight: Percent): void {
    if (this.status.weight === weight) return;
    this.status = { ...this.status, weight };
    upsertSearchAttributes([{ key: BelayWeight, value: weight }]);
    this.show();
  }

  note(text: string): void {
    this.status = { ...this.status, log: [...this.status.log, { at: Date.now(), text }].slice(-50) };
    this.show();
  }

  private show(): void {
    setCurrentDetails(detailsOf(this.status));
  }
}
