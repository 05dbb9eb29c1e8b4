import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGit } from '../../src/adapters/git';
import { commitOnMain, git } from '../../tools/local/git-commits';
import { watchMachine, type Machine } from '../machine';
import { wholeNumber } from '../rollbacks/options';
import { makeLargeRepository, pathOf, type Size } from './make';
import { watchMemory, type Peak } from './memory';

const usage = `npm run bench -- large-repository [options]   what a revert costs in a large repository

  --files N     10 to a directory (100000)
  --commits N   each changes one of them (20000)
  --reverts N   from a good revision near the head, and as many from one halfway down (5)`;

const mostSeconds = 2;
const mostMiB = 200;

/** 0 if every revert was fast and small enough. */
export async function largeRepository(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '100000' },
      commits: { type: 'string', default: '20000' },
      reverts: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const size = {
    files: wholeNumber('--files', values.files, 20),
    commits: wholeNumber('--commits', values.commits, 100),
  };
  const dir = mkdtempSync(join(tmpdir(), 'belay-large-'));
  const server = spawn(process.execPath, [join(__dirname, '..', 'git-serve.js'), dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const machine = watchMachine();
  try {
    const rows = await measure(dir, server, {
      ...size,
      reverts: wholeNumber('--reverts', values.reverts, 1),
    });
    process.stdout.write(report(size, rows, machine()));
    return rows.every(isMet) ? 0 : 1;
  } finally {
    server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Row {
  readonly what: string;
  /** Of each time, seconds. */
  readonly seconds: readonly number[];
  readonly peak: Peak;
  readonly isFirst?: boolean;
}

async function measure(
  dir: string,
  server: ChildProcess,
  size: Size & { readonly reverts: number },
): Promise<readonly Row[]> {
  const bare = join(dir, 'large.git');
  process.stderr.write(`making ${size.files} files and ${size.commits} commits\n`);
  await makeLargeRepository(bare, size);
  const [port] = (await once(server.stdout ?? process.stdin, 'data')) as [Buffer];
  const repoUrl = `http://127.0.0.1:${port.toString().trim()}/large.git`;
  const { trees, writer } = createGit({ dir: join(dir, 'mirrors') });
  const timed = async (what: string, runs: readonly (() => Promise<void>)[]): Promise<Row> => {
    process.stderr.write(`${what}\n`);
    const peakOf = watchMemory(server.pid ?? 0);
    const seconds: number[] = [];
    for (const run of runs) {
      const begun = performance.now();
      await run();
      seconds.push((performance.now() - begun) / 1000);
    }
    return { what, seconds, peak: peakOf() };
  };
  const revision = await git(bare, 'rev-parse', 'main');
  const fetched = await timed('the first fetch', [
    async () => void (await trees.ids({ repoUrl, revision }, [pathOf(0)])),
  ]);
  const revertsFrom = async (what: string, depth: number, offset: number): Promise<Row> => {
    const goodRevision = await git(bare, 'rev-parse', `${revision}~${depth}`);
    const runs: (() => Promise<void>)[] = [];
    for (let index = 0; index < size.reverts; index++) {
      const path = pathOf(offset + index);
      const badRevision = await commitOnMain(bare, {
        message: `Release ${path}`,
        files: { [`${path}/file-0.yaml`]: `broken ${depth}\n`, [`${path}/new.yaml`]: 'new\n' },
      });
      runs.push(async () => {
        const trailers = { 'Belay-Run': `${path}/${depth}` };
        const asked = { repoUrl, branch: 'refs/heads/main', paths: [path], goodRevision, badRevision };
        const done = await writer.restorePath({ ...asked, subject: `Revert ${path}`, body: '', trailers });
        const [good, now] = await Promise.all(
          [goodRevision, 'main'].map((at) => git(bare, 'rev-parse', `${at}:${path}`)),
        );
        if (done.kind !== 'pushed' || good !== now)
          throw new Error(`the revert of ${path} ended as ${JSON.stringify(done)}`);
      });
    }
    return timed(what, runs);
  };
  const near = Math.min(100, Math.floor(size.commits / 2));
  const deep = Math.floor(size.commits / 2);
  return [
    { ...fetched, isFirst: true },
    await revertsFrom(`a revert to a good revision ${near} commits back`, near, 0),
    await revertsFrom(`a revert to a good revision ${deep} commits back`, deep, size.reverts),
  ];
}

function isMet({ seconds, peak, isFirst = false }: Row): boolean {
  return isFirst || (Math.max(...seconds) <= mostSeconds && peak.git + peak.growth <= mostMiB);
}

function report({ files, commits }: Size, rows: readonly Row[], { cpus, model, load }: Machine): string {
  const cells = rows.map((row) => {
    const { what, seconds, peak, isFirst } = row;
    const sorted = seconds.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    const times = `${middle.toFixed(2)} / ${(sorted.at(-1) ?? Number.NaN).toFixed(2)} s`;
    const sign = isFirst ? '' : isMet(row) ? 'met' : 'MISSED';
    return `| ${what} | ${times} | ${peak.git.toFixed(0)} + ${peak.growth.toFixed(0)} MiB | ${sign} |`;
  });
  return [
    `${files} files, ${commits} commits; ${cpus} CPUs (${model}) for server and client; load average, 1 min: ${load.map((each) => each.toFixed(1)).join(', ')} at the start and the end.`,
    '',
    `| figure | median / longest (≤ ${mostSeconds} s) | peak of git processes + growth of ours (≤ ${mostMiB} MiB) | |`,
    '| --- | ---: | ---: | --- |',
    ...cells,
    '',
  ].join('\n');
}
