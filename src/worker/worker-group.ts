import type { Worker } from '@temporalio/worker';

/** Temporal workers that run and end together; clusters that are connected later add theirs. */
export class WorkerGroup {
  readonly #workers: Worker[] = [];
  readonly #runs = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #isStopping = false;

  /** Runs a worker. When it ends, however it does, all others are stopped. */
  add(worker: Worker): void {
    this.#workers.push(worker);
    const run = worker.run().then(
      () => this.stop(),
      (error: unknown) => {
        this.#failure ??= { error };
        this.stop();
      },
    );
    this.#runs.add(run);
    void run.finally(() => this.#runs.delete(run));
    if (this.#isStopping) this.stop();
  }

  states(): readonly string[] {
    return this.#workers.map((each) => each.getState());
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  stop(): void {
    this.#isStopping = true;
    for (const worker of this.#workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }

  /** Until all have ended; throws what the first one failed with. */
  async ended(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
