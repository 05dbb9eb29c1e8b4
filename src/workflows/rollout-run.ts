import { CancellationScope, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { AnalysisRun } from '../domain/analysis/spec';
import { fencesPerRollout, numberOf } from '../domain/plans/context';
import { detailsOf } from '../domain/rollout-details';
import type {
  FailureReport,
  RolloutLook,
  RolloutPhase,
  RolloutSpec,
  RolloutStatus,
  StepMark,
} from '../domain/rollout-status';
import { noTraffic, type TrafficState } from '../domain/routing/traffic';
import type { Percent } from '../domain/strategy';
import type { RolloutGate } from '../messages/release';
import { BelayApp, BelayPhase, BelayReason, BelayRevision, BelayWeight } from '../messages/search-attributes';

/** Why a rollout turns back. */
export type TurnBack =
  | { readonly kind: 'failed'; readonly failure: FailureReport }
  | { readonly kind: 'aborted'; readonly by: string; readonly reason?: string }
  | { readonly kind: 'superseded'; readonly by: string };

/** The state of one rollout; the story is in `rollout.ts`. */
export class RolloutRun {
  status: RolloutStatus;
  /** Steps run in it; turning back cancels it. */
  readonly forward = new CancellationScope();
  turnBack: TurnBack | undefined;
  /** A person ended the pause step / wants no more steps. */
  promoted = false;
  full = false;
  /** An analysis or an experiment runs as a step: `promote` ends it. */
  isSkippable = false;
  /** Gates of its release that the application has let it pass, and the share that lockstep grants. */
  readonly passed = new Set<RolloutGate['at']>();
  granted: Percent = 0;
  /** It waits until its release is good. */
  isAtGate = false;
  /** What goes on beside the steps and must be over before a promotion has ended. */
  readonly afterwards: Promise<void>[] = [];
  /** Why an analysis cannot measure now, by its name: the next step waits until there is none. */
  readonly outages = new Map<string, string>();
  /** Stages that evidence has earned, by the analysis that says so: a pause of that stage ends. */
  readonly earned = new Map<string, { readonly stage: number; readonly sentence: string }>();
  /** What the steps taken so far ask of traffic and pods. */
  traffic: TrafficState = noTraffic;
  /** `spec.paused`, as the newest revision has it. */
  isPausedInGit: boolean;
  /** Rises whenever the wanted size changes. */
  sizes = 0;
  /** Wanted pods: Git's count, or the live one once the canary has been started. */
  replicas: number | undefined;
  private fences: number;

  constructor(readonly spec: RolloutSpec) {
    const steps = 'steps' in spec.strategy && spec.pace === 'steps' ? spec.strategy.steps : [];
    const now = Date.now();
    this.replicas = spec.replicas;
    this.isPausedInGit = 'isPaused' in spec.strategy && spec.strategy.isPaused === true;
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

  /** The number that was given last: for what is repeated until it is done. */
  get fence(): number {
    return this.fences;
  }

  /** Goes on above a number that somebody else has written within this rollout's own; false where it is not one of them. */
  passFence(found: number): boolean {
    if (numberOf(found) !== this.spec.number) return false;
    this.fences = Math.max(this.fences, found + 1);
    return true;
  }

  /** Cancels the steps under way; the first reason counts, and after the point of no return there is none. */
  goBack(reason: TurnBack): void {
    if (!this.canTurn()) return;
    this.turnBack = reason;
    this.forward.cancel();
  }

  /** One reason why something cannot be measured now. */
  get unreachable(): string | undefined {
    return this.outages.values().next().value;
  }

  canTurn(): boolean {
    return this.turnBack === undefined && !this.status.pastReturn && this.status.outcome === undefined;
  }

  pauseBy(by: string, reason?: string): void {
    const pausedBy = { by, since: Date.now(), ...(reason === undefined ? {} : { reason }) };
    this.status = { ...this.status, pausedBy };
  }

  unpause(): void {
    const { pausedBy: _pausedBy, ...rest } = this.status;
    this.status = rest;
  }

  /** Git's count has changed while the rollout goes on; what is reached next has the new size. */
  resize(replicas: number | undefined): void {
    if (replicas === this.replicas) return;
    this.replicas = replicas;
    this.sizes += 1;
    this.note(`the wanted size is ${replicas ?? 'the live one'} now`);
  }

  /** The newest state of an analysis; the ten newest analyses are kept. */
  analysed(name: string, analysis: AnalysisRun): void {
    const others = (this.status.analyses ?? []).filter((each) => each.name !== name);
    const known = this.status.analyses?.some((each) => each.name === name) === true;
    const analyses = known
      ? (this.status.analyses ?? []).map((each) => (each.name === name ? { name, run: analysis } : each))
      : [...others, { name, run: analysis }].slice(-10);
    this.status = { ...this.status, analyses };
    this.show();
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

  /** Both versions as an activity's answer tells of them, if it does. */
  saw(answer: { readonly seen?: RolloutLook } | object): void {
    const seen = 'seen' in answer ? answer.seen : undefined;
    if (seen === undefined) return;
    const { actualWeight, ...sides } = seen;
    this.status = { ...this.status, actualWeight, pods: { at: Date.now(), ...sides } };
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
