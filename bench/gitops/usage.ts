import { readFileSync } from 'node:fs';

/** What processes have used so far; Linux only. */
export interface Usage {
  /** Seconds of processor time. */
  readonly cpu: number;
  /** MiB. */
  readonly rss: number;
  /** The most that it has had so far, MiB. */
  readonly peak: number;
}

const ticksPerSecond = 100;

export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, which is in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    rss: mebibytes(/^VmRSS:\s+(\d+) kB/m.exec(status)),
    peak: mebibytes(/^VmHWM:\s+(\d+) kB/m.exec(status)),
  };
}

function mebibytes(found: RegExpExecArray | null): number {
  return Number(found?.[1] ?? Number.NaN) / 1024;
}
