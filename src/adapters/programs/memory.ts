import { readFile } from 'node:fs/promises';

const pageBytes = 4096;

/** Resident memory of a process in bytes; undefined where the kernel does not tell or the process is gone. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
    return Number.isFinite(pages) ? pages * pageBytes : undefined;
  } catch {
    return undefined;
  }
}
