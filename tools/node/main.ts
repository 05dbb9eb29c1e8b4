import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../local/run-main';
import { ensureControlPlane, ensureKwok } from '../local/go-tools';
import { ensureTemporalCli } from '../local/temporal-cli';
import { findObstacle } from './obstacles';
import { formatTable } from './table';
import { ensureNodeTools } from './tools';

const USAGE = `usage: npm run e2e:node -- test|check|fetch [arguments of jest]

  test   builds what is needed, runs the tests of test/node on a real node, and prints what they measured
  check  says whether a node can run here, and why not
  fetch  only builds and downloads the programs`;

async function main([command = 'test', ...rest]: readonly string[]): Promise<number> {
  if (!['test', 'check', 'fetch'].includes(command)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const obstacle = await findObstacle();
  if (obstacle !== undefined && command !== 'fetch') {
    print(`skipped: the tests on a real node need what is not here: ${obstacle}`);
    return 0;
  }
  if (command === 'check') return 0;
  for (const ensure of [ensureTemporalCli, ensureKwok, ensureControlPlane, ensureNodeTools]) await ensure();
  return command === 'fetch' ? 0 : runTests(rest);
}

async function runTests(jestArgs: readonly string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'belay-node-table-'));
  const table = join(scratch, 'rows');
  const options = `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  const env = { ...process.env, NODE_OPTIONS: options, BELAY_NODE_TABLE: table };
  try {
    // In band: one machine has room for one node.
    const args = ['--selectProjects', 'node', '--runInBand', ...jestArgs];
    const code = await run('jest', args, env);
    const text = formatTable(readRows(table));
    if (text !== '') print(`\n${text}`);
    return code;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Resolves when the program has ended; an interruption is passed on, so that it can clean up. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    const passOn = (name: NodeJS.Signals): void => void child.kill(name);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, passOn);
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function readRows(file: string): readonly (readonly string[])[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
  } catch {
    return []; // no test got as far as a row
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

runMain(main);
