import { join } from 'node:path';
import { startProcess, stopProcesses } from './processes';

/**
 * Ends everything that has a pid file in the directory once the parent is gone. It is a shell, so
 * that it outlives the parent however that dies, and costs next to nothing.
 */
const SCRIPT = `
PATH="$PATH:/usr/bin:/bin"
pids() { for file in "$2"/*.pid; do case "$file" in */guard*) ;; *) head -n 1 "$file";; esac; done; }
while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
kill $(pids "$@") 2>/dev/null
for i in 1 2 3 4 5 6 7 8; do kill -0 $(pids "$@") 2>/dev/null || break; sleep 0.5; done
kill -9 $(pids "$@") 2>/dev/null
rm -f "$2"/*.pid
`;

/**
 * Makes the directory's processes end with the parent, even if that is interrupted or killed.
 * Several parts (cluster, Temporal) may guard the same directory; each has its name.
 */
export async function startGuard(dir: string, name: string, parent = process.pid): Promise<void> {
  await startProcess(dir, guardName(name), '/bin/sh', [
    '-c',
    SCRIPT,
    'guard',
    String(parent),
    join(dir, 'pids'),
  ]);
}

/** Lets the directory's processes outlive this process. */
export async function stopGuard(dir: string, name: string): Promise<void> {
  await stopProcesses(dir, [guardName(name)]);
}

/** Names the guard's own process. */
export function guardName(name: string): string {
  return `guard-${name}`;
}
