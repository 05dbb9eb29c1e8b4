import { cpus, loadavg } from 'node:os';

/** What figures were measured on. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  /** Load averages over a minute, at the start and at the end. */
  readonly load: readonly number[];
}

/** Call it at the start; the answer, at the end. */
export function watchMachine(): () => Machine {
  const [start = 0] = loadavg();
  return () => ({ cpus: cpus().length, model: cpus()[0]?.model ?? '', load: [start, loadavg()[0] ?? 0] });
}
