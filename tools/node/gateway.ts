import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import type { LocalCluster } from '../local/cluster';
import { runCommand } from '../local/command';
import { withFreePorts } from '../local/ports';
import { startProcess, stopProcesses } from '../local/processes';
import { waitUntil } from '../local/wait';
import { createGateway, createKinds, GATEWAY, isProgrammed } from './gateway-objects';

export const CONTOUR = 'contour';
export const ENVOY = 'envoy';

/** The programs of the gateway. Beside Contour's are the YAML files of its kinds, in `kinds`. */
export interface GatewayPrograms {
  readonly contour: string;
  readonly envoy: string;
}

/** Starts a gateway: Contour, which reads the Gateway API, and the Envoy that it configures. Answers the URL that routes are served at. */
export async function startGateway(
  dir: string,
  cluster: LocalCluster,
  { contour, envoy }: GatewayPrograms,
): Promise<string> {
  await createKinds(cluster, join(dirname(contour), 'kinds'));
  return withFreePorts(5, async ([http = 0, xds = 0, stats = 0, metrics = 0, debug = 0]) => {
    await stopProcesses(dir, [CONTOUR, ENVOY]);
    await createGateway(cluster, http);
    const config = join(dir, 'contour.json');
    await writeFile(config, JSON.stringify({ gateway: { gatewayRef: GATEWAY } }));
    const xdsArgs = ['--xds-address=127.0.0.1', `--xds-port=${xds}`];
    const local = (name: string, port: number): string[] => [
      `--${name}-address=127.0.0.1`,
      `--${name}-port=${port}`,
    ];
    const processes = [
      await startProcess(dir, CONTOUR, contour, [
        'serve',
        `--kubeconfig=${cluster.kubeconfig}`,
        `--config-path=${config}`,
        '--insecure',
        '--disable-leader-election',
        '--kubernetes-client-qps=100',
        '--kubernetes-client-burst=200',
        '--envoy-http-access-log=/dev/null',
        '--envoy-https-access-log=/dev/null',
        '--envoy-service-http-address=127.0.0.1',
        ...xdsArgs,
        ...local('stats', stats),
        ...local('http', metrics),
        ...local('health', metrics),
        ...local('debug-http', debug),
      ]),
    ];
    const bootstrap = join(dir, 'envoy.json');
    const admin = `--admin-address=${join(dir, 'envoy.sock')}`;
    await runCommand(contour, ['bootstrap', bootstrap, ...xdsArgs, '--envoy-cafile=', admin]);
    const wait = { dir, what: 'The gateway', processes };
    await waitUntil(wait, () => isProgrammed(cluster));
    processes.push(
      await startProcess(dir, ENVOY, envoy, [
        ...['--config-path', bootstrap],
        ...['--service-cluster', 'contour'],
        ...['--service-node', 'belay-node'],
        ...['--log-level', 'warn'],
        ...['--concurrency', '1'],
        '--disable-hot-restart',
      ]),
    );
    // Envoy's statistics are served once Contour has told it its listeners.
    await waitUntil(wait, async () => (await fetch(`http://127.0.0.1:${stats}/ready`)).ok);
    return `http://127.0.0.1:${http}`;
  });
}

/** Asks the route of a host once; answers the status, 0 when nobody answers. */
export function askGateway(url: string, host: string): Promise<number> {
  return new Promise((resolve) => {
    const call = get(url, { headers: { host }, agent: false, timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(0));
  });
}
