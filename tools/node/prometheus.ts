import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../local/ports';
import { startProcess, stopProcesses } from '../local/processes';
import { waitUntil } from '../local/wait';

export const PROMETHEUS = 'prometheus';

/** A Prometheus that asks every pod with the annotation `prometheus.io/scrape: "true"` once a second. */
export interface Prometheus {
  readonly url: string;
  stop(): Promise<void>;
  /** Starts it again at the same address, with what it has stored. */
  start(): Promise<void>;
}

/** Starts Prometheus on a free port. */
export async function startPrometheus(dir: string, program: string, kubeconfig: string): Promise<Prometheus> {
  const [port = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const config = join(dir, 'prometheus.json');
  await writeFile(config, JSON.stringify(prometheusConfig(kubeconfig)));
  const prometheus: Prometheus = {
    url,
    stop: () => stopProcesses(dir, [PROMETHEUS]),
    async start() {
      const processes = [
        await startProcess(dir, PROMETHEUS, program, [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(dir, 'prometheus')}`,
          `--web.listen-address=127.0.0.1:${port}`,
          // New pods are asked within a second of their discovery, not five.
          '--scrape.discovery-reload-interval=1s',
          '--query.lookback-delta=15s',
          '--log.level=warn',
        ]),
      ];
      await waitUntil({ dir, what: 'Prometheus', processes }, async () => (await fetch(`${url}/-/ready`)).ok);
    },
  };
  await prometheus.start();
  return prometheus;
}

function prometheusConfig(kubeconfig: string): object {
  const meta = '__meta_kubernetes_pod';
  const relabel = [
    { source_labels: [`${meta}_annotation_prometheus_io_scrape`], regex: 'true', action: 'keep' },
    { source_labels: [`${meta}_phase`], regex: 'Pending|Succeeded|Failed', action: 'drop' },
    {
      source_labels: [`${meta}_ip`, `${meta}_annotation_prometheus_io_port`],
      separator: ':',
      target_label: '__address__',
    },
    { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
    { source_labels: [`${meta}_name`], target_label: 'pod' },
    { source_labels: [`${meta}_label_pod_template_hash`], target_label: 'pod_template_hash' },
  ];
  const job = {
    job_name: 'pods',
    kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: kubeconfig }],
    relabel_configs: relabel,
  };
  return { global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: [job] };
}
