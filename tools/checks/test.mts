import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * `npm test [-- PART...]`: every check of the project, with the time of each part. A failed part does not hide the others; only
 * what needs the build is left out when the build fails. It runs before anything is compiled, so it imports nothing of the project.
 */

interface Part {
  readonly name: string;
  readonly command: readonly string[];
  /** Runs at the same time as the part before it. */
  readonly beside?: boolean;
  readonly needsBuild?: boolean;
  readonly isJest?: boolean;
}

interface Result {
  readonly name: string;
  readonly isGood: boolean;
  readonly seconds: number;
  readonly counts?: Counts;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTotalTests: number;
  readonly numTotalTestSuites: number;
}

/** Jest can `require` a package without a CommonJS build (@kubernetes/client-node) only with this. */
const jestEnv = {
  ...process.env,
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
};

const jest = (project: string, ...options: string[]): Part => ({
  name: project,
  command: ['jest', '--selectProjects', project, ...options],
  isJest: true,
});

const parts: readonly Part[] = [
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], beside: true },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  {
    name: 'tools',
    command: ['npm', 'run', '--silent', 'local', '--', 'fetch'],
    needsBuild: true,
  },
  jest('unit', '--maxWorkers=2'),
  jest('workflow', '--maxWorkers=2'),
  { ...jest('contract', '--maxWorkers=2'), needsBuild: true },
  {
    ...jest('git', '--maxWorkers=2', '--reporters=default', '--reporters=./tools/checks/behaviours.js'),
    needsBuild: true,
  },
  // Most of their time is waiting; each file has an environment of its own.
  { ...jest('e2e', '--maxWorkers=2'), needsBuild: true },
];

function run({ name, command, isJest }: Part, scratch: string): Promise<Result> {
  const report = join(scratch, `${name}.json`);
  const [program = '', ...options] = command;
  const reporting = isJest ? ['--json', `--outputFile=${report}`, '--passWithNoTests'] : [];
  const begun = performance.now();
  process.stdout.write(`\n== ${name}: ${command.join(' ')}\n`);
  return new Promise((resolve) => {
    // `--json` prints the report to standard output too; people read standard error.
    const stdio = ['ignore', isJest ? 'ignore' : 'inherit', 'inherit'] as const;
    const child = spawn(program, [...options, ...reporting], {
      stdio: [...stdio],
      env: isJest ? jestEnv : process.env,
    });
    const end = (isGood: boolean): void => {
      const seconds = (performance.now() - begun) / 1000;
      const counts = isJest ? readCounts(report) : undefined;
      resolve({ name, isGood, seconds, ...(counts === undefined ? {} : { counts }) });
    };
    child.on('error', (error) => {
      process.stderr.write(`${program} cannot be started: ${error.message}\n`);
      end(false);
    });
    child.on('exit', (code) => end(code === 0));
  });
}

function readCounts(report: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

/** Parts that run at the same time, in order. */
function inGroups(wanted: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  for (const part of wanted) {
    const last = groups.at(-1);
    if (part.beside === true && last !== undefined) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

function describe({ name, isGood, seconds, counts }: Result): string {
  const sign = isGood ? 'ok    ' : 'FAILED';
  const tests = counts === undefined ? '' : `  ${counts.numPassedTests}/${counts.numTotalTests} tests`;
  return `${sign} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s${tests}`;
}

/** In the form of jest's own closing lines, over all parts. */
function total(results: readonly Result[]): string {
  const sum = (key: keyof Counts): number =>
    results.reduce((all, each) => all + (each.counts?.[key] ?? 0), 0);
  const counted = [
    [sum('numFailedTests'), 'failed'],
    [sum('numPendingTests'), 'skipped'],
    [sum('numPassedTests'), 'passed'],
    [sum('numTotalTests'), 'total'],
  ] as const;
  const shown = counted.filter(([count, word]) => count > 0 || word === 'total');
  return `Tests:       ${shown.map(([count, word]) => `${count} ${word}`).join(', ')}`;
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `no part ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}\n`,
    );
    return 2;
  }
  const wanted = names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
  const scratch = mkdtempSync(join(tmpdir(), 'belay-test-'));
  const begun = performance.now();
  const results: Result[] = [];
  for (const group of inGroups(wanted)) {
    const isBuilt = !results.some(({ name, isGood }) => name === 'build' && !isGood);
    const possible = group.filter((part) => isBuilt || part.needsBuild !== true);
    results.push(...(await Promise.all(possible.map((part) => run(part, scratch)))));
  }
  rmSync(scratch, { recursive: true, force: true });
  process.stdout.write(`\n${results.map(describe).join('\n')}\n`);
  process.stdout.write(
    `${total(results)}\nTime:        ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
  );
  const isGood = results.every((each) => each.isGood) && results.length === wanted.length;
  return isGood ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
