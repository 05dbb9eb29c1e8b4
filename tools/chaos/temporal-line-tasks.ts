import type { ActivityMoment, Moment } from './lines';
import type { HandedTask } from './temporal-line-messages';

type Strike = (moment: ActivityMoment) => Promise<void> | void;

interface InHand {
  readonly task: HandedTask;
  readonly through: object;
  readonly since: number;
  timer?: NodeJS.Timeout;
  middle?: Promise<void>;
  after?: Promise<void>;
}

/** How long an activity is taken to last whose type was not seen before. */
const firstGuessMs = 20;
/** Of tasks that are in hand or were: a worker may give its answer again. */
const mostKeys = 2_000;

/** The activities in one worker's hands, and at which moment of each the adversary is called. */
export class TasksInHand {
  strike: Strike = () => undefined;
  private readonly byKey = new Map<string, InHand>();
  private readonly means = new Map<string, { count: number; totalMs: number }>();

  /** The tasks are about to be passed on. */
  async before(tasks: readonly HandedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.call('before', task)));
  }

  /** The tasks were passed on through a connection. */
  handOut(tasks: readonly HandedTask[], through: object): void {
    for (const task of tasks) this.takeInHand(task, through);
  }

  /** The connection broke: perhaps nobody works any more on what went through it, so it has no middle. */
  lost(through: object): void {
    for (const entry of this.byKey.values()) if (entry.through === through) this.endMiddle(entry);
  }

  /** The worker has spoken to what its activities work on. */
  touched(): void {
    for (const entry of new Set(this.byKey.values())) this.reachMiddle(entry);
  }

  /** The worker answers a task; it may do so several times. Resolves when the answer may be passed on. */
  async after(key: string): Promise<void> {
    const entry = this.byKey.get(key);
    if (entry === undefined) return;
    if (entry.after === undefined) {
      this.endMiddle(entry);
      this.learn(entry);
      entry.after = (entry.middle ?? Promise.resolve()).then(() => this.call('after', entry.task));
    }
    await entry.after;
  }

  private takeInHand(task: HandedTask, through: object): void {
    const mean = this.means.get(task.activity);
    const usualMs = mean === undefined ? firstGuessMs : mean.totalMs / mean.count;
    const entry: InHand = { task, through, since: performance.now() };
    entry.timer = setTimeout(() => this.reachMiddle(entry), usualMs / 2).unref();
    for (const key of task.keys) {
      this.byKey.delete(key);
      this.byKey.set(key, entry);
    }
    for (const oldest of this.byKey.keys()) {
      if (this.byKey.size <= mostKeys) return;
      this.byKey.delete(oldest);
    }
  }

  /** Once: when the timer has gone there was a middle, or there will be none. */
  private reachMiddle(entry: InHand): void {
    if (entry.timer === undefined) return;
    this.endMiddle(entry);
    entry.middle = this.call('middle', entry.task);
  }

  private endMiddle(entry: InHand): void {
    clearTimeout(entry.timer);
    delete entry.timer;
  }

  private learn({ task, since }: InHand): void {
    const mean = this.means.get(task.activity) ?? { count: 0, totalMs: 0 };
    mean.count += 1;
    mean.totalMs += performance.now() - since;
    this.means.set(task.activity, mean);
  }

  /** An adversary that fails must not break the line; nor may its failure go unseen. */
  private async call(moment: Moment, { activity, workflowId, attempt }: HandedTask): Promise<void> {
    try {
      await this.strike({ moment, activity, workflowId, attempt });
    } catch (error: unknown) {
      process.emitWarning(`the strike at ${moment} ${activity} failed: ${String(error)}`);
    }
  }
}
