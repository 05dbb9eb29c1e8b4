import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../local/command';
import type { FaultEnd, FaultScene } from './faults';

/** Less than a mirror of an empty repository needs. */
const tiny = '64k';
const enough = '256m';

/**
 * Every worker is started again with a data directory on a file system without room, which gets room after a while. Needs the right to
 * mount (root, and no container that forbids it).
 */
export async function fillDisk({ stage, crew, outageMs, told }: FaultScene): Promise<FaultEnd> {
  const dir = join(stage.dir, 'small-disk');
  await mkdir(dir, { recursive: true });
  const mount = (options: string): Promise<unknown> =>
    runCommand('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  try {
    await mount(`size=${tiny}`);
  } catch {
    return { broken: [], skipped: 'a file system cannot be mounted here' };
  }
  try {
    crew.posts.forEach((post) => post.equip({ args: ['--data-dir', dir] }));
    await Promise.all(crew.posts.map((post) => post.kill()));
    await Promise.all(crew.posts.map((post) => post.ready()));
    await sleep(outageMs);
    await mount(`remount,size=${enough}`);
    await told;
  } finally {
    crew.posts.forEach((post) => post.equip({}));
    await Promise.all(crew.posts.map((post) => post.kill()));
    await runCommand('umount', ['-l', dir]).catch(() => undefined);
  }
  return { broken: [] };
}
