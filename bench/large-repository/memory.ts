import { readdirSync, readFileSync } from 'node:fs';

/** Largest memory seen, in MiB. */
export interface Peak {
  /** All git processes that ran at one moment, together: what each had at most until then. */
  readonly git: number;
  /** What this process has grown by. */
  readonly growth: number;
}

/** Looks at this process and its descendants every few milliseconds until the answer is called; Linux only. `without`: a child left out. */
export function watchMemory(without: number): () => Peak {
  const start = kibibytes(process.pid, 'VmRSS');
  const peak = { git: 0, growth: 0 };
  const look = (): void => {
    const all = descendants(process.pid, without).map((pid) => kibibytes(pid, 'VmHWM'));
    peak.git = Math.max(
      peak.git,
      all.reduce((sum, each) => sum + each, 0),
    );
    peak.growth = Math.max(peak.growth, kibibytes(process.pid, 'VmRSS') - start);
  };
  const timer = setInterval(look, 25);
  return () => {
    clearInterval(timer);
    look();
    return { git: peak.git / 1024, growth: peak.growth / 1024 };
  };
}

/** By one look at all processes: not every kernel lists the children of one. */
function descendants(pid: number, without: number): number[] {
  const children = Map.groupBy(
    readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    parentOf,
  );
  const below = (parent: number): number[] =>
    (children.get(parent) ?? [])
      .map(Number)
      .filter((child) => child !== without)
      .flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  // The command's name, which is in parentheses, may hold spaces.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function kibibytes(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
