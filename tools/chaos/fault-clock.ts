import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../local/command';
import { toolsPath } from '../local/paths';
import type { FaultEnd, FaultScene } from './faults';

const hour = 3_600;

/**
 * Every worker is started again with a wall clock that can be moved (clock.c, loaded by LD_PRELOAD), which then jumps an hour ahead, two
 * hours back, and home again. Needs Linux and a C compiler.
 */
export async function jumpClock({ stage, crew, outageMs, told }: FaultScene): Promise<FaultEnd> {
  const [library, file] = [join(stage.dir, 'clock.so'), join(stage.dir, 'clock')];
  const args = ['-shared', '-fPIC', '-O1', '-o', library, toolsPath('chaos', 'clock.c')];
  try {
    await runCommand('cc', args);
  } catch {
    return { broken: [], skipped: 'clock.c cannot be compiled here' };
  }
  const set = (seconds: number): Promise<void> => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(seconds);
    return writeFile(file, bytes, { flag: 'r+' }).catch(() => writeFile(file, bytes));
  };
  await set(0);
  try {
    crew.posts.forEach((post) => post.equip({ env: { LD_PRELOAD: library, BELAY_CHAOS_CLOCK: file } }));
    await Promise.all(crew.posts.map((post) => post.kill()));
    await Promise.all(crew.posts.map((post) => post.ready()));
    for (const seconds of [hour, -hour, 0]) {
      await set(seconds);
      await sleep(outageMs / 3);
    }
    await told;
  } finally {
    crew.posts.forEach((post) => post.equip({}));
    await Promise.all(crew.posts.map((post) => post.kill()));
  }
  return { broken: [] };
}
