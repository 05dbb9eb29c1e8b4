import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Job } from './protocol';

/** The answer of a script, or why there is none. */
export type Ran =
  | Exclude<Answer, { readonly kind: 'ready' }>
  /** It had not ended within the limit: its thread was ended with it. */
  | { readonly kind: 'late' };

interface Waiting {
  readonly job: Job;
  readonly resolve: (ran: Ran) => void;
}

const startWithinMs = 30_000;
const notStarted: Ran = { kind: 'failed', reason: 'the Lua VM did not start' };
const stopping: Ran = { kind: 'failed', reason: 'the worker is stopping' };

/**
 * One thread with a Lua in WebAssembly, started with the first script and ended with one that takes too long, so that the worker itself
 * never waits for a script. Scripts run one after another.
 */
export class LuaThread {
  private thread: Worker | undefined;
  private isReady = false;
  private current: Waiting | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly queue: Waiting[] = [];

  constructor(private readonly limitMs: number) {}

  run(job: Job): Promise<Ran> {
    return new Promise((resolve) => {
      this.queue.push({ job, resolve });
      this.next();
    });
  }

  async close(): Promise<void> {
    const { thread } = this;
    this.end(stopping);
    for (const { resolve } of this.queue.splice(0)) resolve(stopping);
    await thread?.terminate();
  }

  private next(): void {
    if (this.current !== undefined || this.queue.length === 0) return;
    if (this.thread === undefined) this.start();
    if (!this.isReady) return;
    this.current = this.queue.shift();
    this.isReady = false;
    this.thread?.postMessage(this.current?.job);
    this.limit(this.limitMs, { kind: 'late' });
  }

  private start(): void {
    const thread = new Worker(join(__dirname, `sandbox${extname(__filename)}`), {
      // Nothing of the worker's environment, and no flags of its own: only the files of the library.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
    });
    this.thread = thread;
    thread.on('message', (answer: Answer) => this.hear(thread, answer));
    thread.on('error', (error: Error) => this.fail(thread, error.message));
    thread.on('exit', () => this.fail(thread, 'its thread has ended'));
    thread.unref(); // last: a listener would hold the process again
    this.limit(startWithinMs, notStarted);
  }

  private hear(thread: Worker, answer: Answer): void {
    if (thread !== this.thread) return;
    this.unlimit();
    if (answer.kind === 'ready') {
      this.isReady = true;
      this.next();
    } else {
      this.settle(answer);
      this.limit(startWithinMs, notStarted);
    }
  }

  private fail(thread: Worker, reason: string): void {
    if (thread !== this.thread) return;
    this.end({ kind: 'failed', reason });
    this.next();
  }

  private limit(ms: number, ran: Ran): void {
    const { thread } = this;
    // An answer that came in while this process was busy is heard before the limit is.
    const timer = setTimeout(() => setImmediate(() => this.timer === timer && giveUp()), ms);
    const giveUp = (): void => {
      this.end(ran);
      void thread?.terminate();
      this.next();
    };
    this.unlimit();
    this.timer = timer;
  }

  private unlimit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Gives the thread up, with an answer for the script that was in it, or for the next one when it never got that far. */
  private end(ran: Ran): void {
    const neverStarted = !this.isReady && this.current === undefined;
    this.unlimit();
    this.thread = undefined;
    this.isReady = false;
    if (neverStarted) this.queue.shift()?.resolve(ran);
    else this.settle(ran);
  }

  private settle(ran: Ran): void {
    const { current } = this;
    this.current = undefined;
    current?.resolve(ran);
  }
}
