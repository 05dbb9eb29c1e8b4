import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of util-linux that confine another one; absent where they are not installed or the kernel refuses. */
export interface Confinement {
  /** Limits address space and core files. */
  readonly prlimit?: string;
  /** A network namespace without any network and a root directory of its own, by an unprivileged user namespace. */
  readonly unshare?: string;
}

let probed: Promise<Confinement> | undefined;

/** What this machine allows; tried once in the life of the process. */
export function confinement(): Promise<Confinement> {
  return (probed ??= probe());
}

async function probe(): Promise<Confinement> {
  const [prlimit, unshare] = [findProgram('prlimit'), findProgram('unshare')];
  const [limits, isolates] = await Promise.all([
    prlimit !== undefined && succeeds(prlimit, ['--core=0', '--', prlimit, '--version']),
    unshare !== undefined && succeeds(unshare, [...isolation('/'), unshare, '--version']),
  ]);
  return {
    ...(prlimit !== undefined && limits && { prlimit }),
    ...(unshare !== undefined && isolates && { unshare }),
  };
}

/** The arguments of `unshare` that take network and files away. */
export function isolation(root: string, directory = '/'): string[] {
  return ['--user', '--map-root-user', '--net', `--root=${root}`, `--wd=${directory}`, '--'];
}

function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 10_000 }, (error) => resolve(error === null));
  });
}

function findProgram(name: string): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin'];
  return places.map((place) => join(place, name)).find((path) => path.startsWith('/') && existsSync(path));
}
