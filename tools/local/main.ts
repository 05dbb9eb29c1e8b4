import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kubeconfigPath, startCluster, stopCluster } from './cluster';
import { ensureControlPlane, ensureKwok } from './go-tools';
import { ensureGitea } from './gitea-tool';
import { whyNoCCompiler } from './prerequisites';
import { startGuard, stopGuard } from './guard';
import { runMain } from './run-main';
import { listProcesses } from './processes';
import { ensureRego } from './policy-tools';
import { ensureRenderTools } from './render-tools';
import { ensureTemporalCli, ensureTemporalTestServer } from './temporal-cli';
import { startTemporal, stopTemporal } from './temporal-server';

const USAGE = `usage: npm run local -- up|down|status|fetch [--dir DIR]

  up      starts a Kubernetes cluster with simulated nodes, and a Temporal server
          [--nodes N] [--search-attribute NAME=TYPE]... [--fresh: forget what was there]
  down    ends both; what they keep in DIR stays
  status  tells what runs
  fetch   builds and downloads the programs that \`up\` and the tests need, and starts nothing

DIR is .belay/local unless told otherwise.`;

const PROCESSES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'temporal'];

interface Endpoints {
  kubeconfig: string;
  temporalAddress: string;
  uiUrl: string;
}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      dir: { type: 'string', default: join('.belay', 'local') },
      nodes: { type: 'string', default: '3' },
      'search-attribute': { type: 'string', multiple: true, default: [] },
      fresh: { type: 'boolean', default: false },
    },
  });
  const dir = resolve(values.dir);
  if (positionals[0] === 'up') {
    if (values.fresh) await forget(dir);
    return bringUp(dir, Number(values.nodes), readPairs(values['search-attribute']));
  }
  if (positionals[0] === 'down') return bringDown(dir);
  if (positionals[0] === 'status') return showStatus(dir);
  if (positionals[0] === 'fetch') return fetchTools();
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

async function bringUp(
  dir: string,
  nodes: number,
  searchAttributes: Record<string, string>,
): Promise<number> {
  const missing = await findMissing(dir);
  if (missing.length === 0) {
    process.stderr.write(`Already up in ${dir}.\n`);
    return showEndpoints(await readEndpoints(dir));
  }
  const begun = Date.now();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  await startGuard(dir, 'up');
  const endpoints = await startBoth(dir, nodes, searchAttributes, log).catch(async (error: unknown) => {
    await bringDown(dir);
    throw error;
  });
  await writeFile(endpointsPath(dir), JSON.stringify(endpoints));
  await stopGuard(dir, 'up');
  log(`Up in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
  return showEndpoints(endpoints);
}

async function startBoth(
  dir: string,
  nodes: number,
  searchAttributes: Record<string, string>,
  log: (line: string) => void,
): Promise<Endpoints> {
  const cluster = await startCluster({ dir, nodes, detached: true, log });
  log('starting Temporal');
  const temporal = await startTemporal({ dir, ui: true, detached: true, searchAttributes });
  return { kubeconfig: cluster.kubeconfig, temporalAddress: temporal.address, uiUrl: temporal.uiUrl ?? '' };
}

async function bringDown(dir: string): Promise<number> {
  await Promise.all([stopCluster(dir), stopTemporal(dir)]);
  await stopGuard(dir, 'up');
  process.stderr.write(`Down in ${dir}.\n`);
  return 0;
}

async function fetchTools(): Promise<number> {
  for (const ensure of [
    ensureTemporalCli,
    ensureTemporalTestServer,
    ensureKwok,
    async () => Object.values(await ensureRenderTools()).join('\n'),
    ensureRego,
    ensureControlPlane,
    giteaOrWhyNot,
  ]) {
    print(await ensure());
  }
  return 0;
}

/** The forge of the tests, without which they skip a part and say so: it alone needs a C compiler. */
async function giteaOrWhyNot(): Promise<string> {
  const missing = whyNoCCompiler();
  return missing === undefined
    ? ensureGitea()
    : `# no Gitea, tests on it are skipped: ${missing.missing} ${missing.remedy}`;
}

async function forget(dir: string): Promise<void> {
  await bringDown(dir);
  const kept = ['etcd', 'pki', 'temporal.db', 'temporal.db-shm', 'temporal.db-wal'];
  await Promise.all(kept.map((name) => rm(join(dir, name), { recursive: true, force: true })));
}

async function showStatus(dir: string): Promise<number> {
  const running = await listProcesses(dir);
  for (const name of PROCESSES) {
    const process = running.find((each) => each.name === name);
    print(`# ${name.padEnd(24)} ${process ? `runs (${process.pid})` : 'does not run'}`);
  }
  if ((await findMissing(dir)).length > 0) return 1;
  return showEndpoints(await readEndpoints(dir));
}

/** Prints what a shell can evaluate. */
function showEndpoints({ kubeconfig, temporalAddress, uiUrl }: Endpoints): number {
  print(`export KUBECONFIG=${kubeconfig}`);
  print(`export TEMPORAL_ADDRESS=${temporalAddress}`);
  print(`# Temporal's Web UI: ${uiUrl}`);
  return 0;
}

async function findMissing(dir: string): Promise<string[]> {
  const running = new Set((await listProcesses(dir)).map(({ name }) => name));
  return PROCESSES.filter((name) => !running.has(name));
}

async function readEndpoints(dir: string): Promise<Endpoints> {
  const text = await readFile(endpointsPath(dir), 'utf8').catch(() => '');
  if (text) return JSON.parse(text) as Endpoints;
  return { kubeconfig: kubeconfigPath(dir), temporalAddress: 'unknown', uiUrl: 'unknown' };
}

function endpointsPath(dir: string): string {
  return join(dir, 'endpoints.json');
}

function readPairs(pairs: string[]): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

runMain(main);
