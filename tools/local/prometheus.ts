import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from './cache';
import { buildGo } from './go-tools';
import { guardName, startGuard, stopGuard } from './guard';
import { toolsPath } from './paths';
import { withFreePorts } from './ports';
import { startProcess, stopProcesses } from './processes';
import { waitUntil } from './wait';

const PROMETHEUS_VERSION = '3.15.0';
const NAME = 'prometheus';

/** How to start a local Prometheus. */
export interface PrometheusOptions {
  /** Where its data, configuration, log and process id go. */
  dir: string;
  /** `host:port` by name of the job; each is asked for `/metrics` every `scrapeInterval`. */
  targets?: Record<string, string[]>;
  /** A duration such as `1s`, which is the default. */
  scrapeInterval?: string;
  /** A whole configuration in YAML or JSON instead of `targets`. */
  config?: string;
  /** More flags, such as `--web.enable-remote-write-receiver`. */
  args?: string[];
  /** Whether it outlives the process that starts it; otherwise it ends with it, whatever happens. */
  detached?: boolean;
}

/** A Prometheus on this machine. */
export interface LocalPrometheus {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Returns Prometheus, built at first use: without its pages, and with no service discovery but static and file. */
export function ensurePrometheus(): Promise<string> {
  const module = toolsPath('prometheus');
  const target = 'github.com/prometheus/prometheus/cmd/prometheus';
  return ensureTool({
    name: NAME,
    version: PROMETHEUS_VERSION,
    sources: ['go.mod', 'go.sum'].map((file) => join(module, file)),
    label: `building prometheus ${PROMETHEUS_VERSION} (first time only, about 2 min on 2 cores)`,
    make: (directory) => buildGo(module, target, join(directory, NAME), ['remove_all_sd', 'netgo']),
  });
}

/** Starts a Prometheus that is ready to answer queries. */
export async function startPrometheus(options: PrometheusOptions): Promise<LocalPrometheus> {
  const program = await ensurePrometheus();
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  await stopPrometheus(dir);
  await writeFile(join(dir, 'prometheus.yml'), options.config ?? configOf(options));
  await startGuard(dir, NAME);
  try {
    const url = await withFreePorts(1, async ([port = 0]) => {
      await stopProcesses(dir, [NAME]);
      return startServer(dir, program, options, port);
    });
    if (options.detached) await stopGuard(dir, NAME);
    return { url, stop: () => stopPrometheus(dir) };
  } catch (error) {
    await stopPrometheus(dir);
    throw error;
  }
}

/** Ends the Prometheus that was started in the directory, by this process or another. */
export async function stopPrometheus(dir: string): Promise<void> {
  await stopProcesses(dir, [NAME]);
  await stopProcesses(dir, [guardName(NAME)]);
}

async function startServer(
  dir: string,
  program: string,
  options: PrometheusOptions,
  port: number,
): Promise<string> {
  const address = `127.0.0.1:${port}`;
  const args = [`--config.file=${join(dir, 'prometheus.yml')}`, `--storage.tsdb.path=${join(dir, 'data')}`];
  args.push(`--web.listen-address=${address}`, '--log.level=warn', ...(options.args ?? []));
  const processes = [await startProcess(dir, NAME, program, args)];
  const url = `http://${address}`;
  await waitUntil(
    { dir, what: 'Prometheus', processes },
    async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) })).ok,
  );
  return url;
}

/** JSON is YAML. */
function configOf({ targets = {}, scrapeInterval = '1s' }: PrometheusOptions): string {
  const jobs = Object.entries(targets).map(([job, hosts]) => ({
    job_name: job,
    static_configs: [{ targets: hosts }],
  }));
  const global = { scrape_interval: scrapeInterval, scrape_timeout: scrapeInterval };
  return JSON.stringify({ global, scrape_configs: jobs });
}
