import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command';
import { guardName, startGuard, stopGuard } from './guard';
import { withFreePorts } from './ports';
import { startProcess, stopProcesses } from './processes';
import { ensureTemporalCli } from './temporal-cli';
import { waitUntil } from './wait';

/** How to start a local Temporal server. */
export interface TemporalOptions {
  /** Where its database, log and process id go. */
  dir: string;
  /** Whether to serve the Web UI. */
  ui?: boolean;
  /** Listens here instead of on a free port: to come back where its clients look for it. */
  port?: number;
  /** The database file, `temporal.db` in the directory unless told otherwise; null keeps all in memory. */
  dbFile?: string | null;
  /** Custom search attributes by name, with their type such as Keyword. */
  searchAttributes?: Record<string, string>;
  /** Dynamic configuration by key, the values in JSON. */
  dynamicConfig?: Record<string, string>;
  /** Whether it outlives the process that starts it; otherwise it ends with it, whatever happens. */
  detached?: boolean;
}

/** A Temporal development server on this machine, with the namespace `default`. */
export interface LocalTemporal {
  /** The host and port of its gRPC API. */
  address: string;
  uiUrl?: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

const NAME = 'temporal';

/** Starts a Temporal server that answers. */
export async function startTemporal(options: TemporalOptions): Promise<LocalTemporal> {
  const program = await ensureTemporalCli();
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  await stopTemporal(dir);
  await startGuard(dir, NAME);
  try {
    const started = await withFreePorts(2, async ([port = 0, uiPort = 0]) => {
      await stopProcesses(dir, [NAME]);
      return startServer(dir, program, options, options.port ?? port, uiPort);
    });
    if (options.detached) await stopGuard(dir, NAME);
    return { ...started, stop: () => stopTemporal(dir) };
  } catch (error) {
    await stopTemporal(dir);
    throw error;
  }
}

/** Ends the Temporal server that was started in the directory, by this process or another. */
export async function stopTemporal(dir: string): Promise<void> {
  await stopProcesses(dir, [NAME]);
  await stopProcesses(dir, [guardName(NAME)]);
}

/**
 * A frozen worker keeps its connection open and its polls swallow tasks. The server asks it for a sign of life after 5 s instead of
 * a minute, and drops it 5 s later.
 */
const keepAlive = { 'frontend.keepAliveTime': '"5s"', 'frontend.keepAliveTimeout': '"5s"' };

async function startServer(
  dir: string,
  program: string,
  options: TemporalOptions,
  port: number,
  uiPort: number,
): Promise<{ address: string; uiUrl?: string }> {
  const address = `127.0.0.1:${port}`;
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'];
  args.push(...(options.ui ? ['--ui-port', String(uiPort), '--ui-disable-news-fetch'] : ['--headless']));
  if (options.dbFile !== null) args.push('--db-filename', options.dbFile ?? join(dir, 'temporal.db'));
  args.push(...repeat('--search-attribute', options.searchAttributes));
  args.push(...repeat('--dynamic-config-value', { ...keepAlive, ...options.dynamicConfig }));
  const processes = [await startProcess(dir, NAME, program, args)];
  await waitUntil({ dir, what: 'The Temporal server', processes }, () => isServing(program, address));
  return options.ui ? { address, uiUrl: `http://127.0.0.1:${uiPort}` } : { address };
}

async function isServing(program: string, address: string): Promise<boolean> {
  const args = ['operator', 'cluster', 'health', '--address', address, '--command-timeout', '2s'];
  return (await runCommand(program, args)).stdout.includes('SERVING');
}

function repeat(flag: string, values: Record<string, string> = {}): string[] {
  return Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
