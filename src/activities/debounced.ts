import { inParallel } from './parallel';

const atOnce = 20;
const afterFailure = 10;

/**
 * Sends for each key at most once in `ms`, however often it is touched, and again later when that fails: what is sent is looked up when
 * it is sent, so nothing is lost and nothing stale is told. One round at a time, so that an older message never overtakes a newer one.
 * It starts held: keys are gathered and sent once it is released.
 */
export class Debounced {
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isHeld = true;
  private isSending = false;

  constructor(
    private readonly ms: number,
    private readonly send: (key: string) => Promise<void>,
  ) {}

  touch(key: string): void {
    this.pending.add(key);
    this.arm(this.ms);
  }

  release(): void {
    this.isHeld = false;
    this.arm(this.ms);
  }

  hold(): void {
    this.isHeld = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(ms: number): void {
    if (this.isHeld || this.isSending || this.pending.size === 0) return;
    this.timer ??= setTimeout(() => void this.round(), ms);
  }

  private async round(): Promise<void> {
    this.timer = undefined;
    this.isSending = true;
    const keys = [...this.pending];
    this.pending.clear();
    let pause = this.ms;
    await inParallel(atOnce, keys, async (key) => {
      await this.send(key).catch(() => {
        this.pending.add(key);
        pause = this.ms * afterFailure;
      });
    });
    this.isSending = false;
    this.arm(pause);
  }
}
