import { mkdir, readFile, realpath } from 'node:fs/promises';
import type { LocalCluster } from '../local/cluster';
import { guardName, startGuard } from '../local/guard';
import { stopProcesses } from '../local/processes';
import { askGateway, CONTOUR, ENVOY, startGateway } from './gateway';
import { pushImage, type Image } from './images';
import { MACHINE, startMachine } from './machine';
import { PROMETHEUS, startPrometheus, type Prometheus } from './prometheus';
import { REGISTRY, startRegistry } from './registry';
import type { NodeTools } from './tools';

/** How to add a real node to a local cluster. */
export interface NodeOptions {
  /** A new directory, for all that the node keeps. */
  readonly dir: string;
  readonly cluster: LocalCluster;
  readonly tools: NodeTools;
  /** Told what is being done. */
  readonly log?: (line: string) => void;
}

/** A node that runs containers, with a registry, a gateway and Prometheus, all on this machine. */
export interface RealNode {
  /** Begins the names of images, as `localhost:5000`. */
  readonly registry: string;
  /** Where routes of the Gateway are served; the Host header chooses one. */
  readonly gatewayUrl: string;
  readonly prometheus: Prometheus;
  /** Asks the route of a host once; answers the status, 0 when nobody answers. */
  ask(host: string): Promise<number>;
  /** Makes an image of the sample application that calls itself by the tag; answers the image's whole name. */
  pushVersion(tag: string): Promise<string>;
  /** Ends all of it, with every container, mount and network device, and waits until they are gone. */
  stop(): Promise<void>;
}

const GUARD = 'node';

/** Starts a node on which pods can run at once. One machine has room for one: a second is refused. */
export async function startNode(options: NodeOptions): Promise<RealNode> {
  const { cluster, tools, log = () => {} } = options;
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  await startGuard(dir, GUARD);
  try {
    log('starting the registry and Prometheus');
    const [registry, prometheus, program] = await Promise.all([
      startRegistry(dir),
      startPrometheus(dir, tools.prometheus, cluster.kubeconfig),
      readFile(tools.app),
    ]);
    const push = (image: Omit<Image, 'program'>): Promise<void> =>
      pushImage(`http://${registry.replace('localhost', '127.0.0.1')}`, { ...image, program });
    await push({ name: 'pause', tag: 'v1', args: ['pause'] });
    log('starting containerd, the kubelet and the gateway');
    const gateway = startGateway(dir, cluster, tools);
    const machine = startMachine(dir, cluster, tools.kubelet, `${registry}/pause:v1`);
    // Not `all`: what one still starts while the other has failed would be overlooked by the end.
    await Promise.allSettled([gateway, machine]);
    const [gatewayUrl] = await Promise.all([gateway, machine]);
    return {
      registry,
      gatewayUrl,
      prometheus,
      ask: (host) => askGateway(gatewayUrl, host),
      async pushVersion(tag) {
        await push({ name: 'shop', tag, env: { VERSION: tag } });
        return `${registry}/shop:${tag}`;
      },
      stop: () => stopNode(dir),
    };
  } catch (error: unknown) {
    await stopNode(dir);
    throw error;
  }
}

/** Ends the node that was started in the directory, by this process or another. */
export async function stopNode(dir: string): Promise<void> {
  await stopProcesses(dir, [MACHINE, ENVOY, CONTOUR, PROMETHEUS, REGISTRY]);
  // The guard goes last, so that an interruption here leaves nothing behind.
  await stopProcesses(dir, [guardName(GUARD)]);
}
