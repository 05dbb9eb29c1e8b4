import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Packs a chart as chart repositories keep it; `dir` gets the archive. */
export async function chartArchive(
  dir: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(dir, 'pack-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), content);
  }
  const archive = join(folder, `${name}.tgz`);
  await promisify(execFile)('tar', ['-czf', archive, '-C', folder, name]);
  return archive;
}
