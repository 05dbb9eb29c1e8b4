import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCluster } from '../local/cluster';
import { LOCAL_CONTEXT, readCredentials } from '../local/pki';
import { farEnd, type FarEnd, type Question } from './api-line-far';
import { Readings } from './api-line-memory';
import { statusAnswer, type OwnAnswer } from './api-line-status';
import { openGate } from './gate';
import type { ApiFault, ApiLine } from './lines';

type Frozen = Awaited<ReturnType<Readings['freeze']>>;
type Listener = Parameters<ApiLine['onRequest']>[0];

interface Ways {
  readonly cluster: LocalCluster;
  /** Gets the kubeconfig. */
  readonly dir: string;
}

/** Opens a line to the API server of a local cluster. Whoever comes through it is the administrator, or whom it impersonates. */
export async function openApiLine({ cluster, dir }: Ways): Promise<ApiLine> {
  const far = farEnd(cluster.server, await readCredentials(cluster.dir));
  const behaviour = new Behaviour(far);
  const server = createServer((request, response) => void behaviour.answer(request, response));
  const { port, ...gate } = await openGate(server);
  const kubeconfig = join(dir, `kubeconfig-line-${port}`);
  await writeKubeconfig(kubeconfig, `http://127.0.0.1:${port}`);
  return {
    kubeconfig,
    misbehave: (fault) => behaviour.change(fault),
    onRequest: (listener) => void behaviour.listeners.push(listener),
    ...gate,
    async close() {
      await gate.close();
      far.close();
    },
  };
}

/** How requests are answered, by the fault of the moment. */
class Behaviour {
  readonly listeners: Listener[] = [];
  private readonly readings = new Readings();
  private readonly watches = new Set<ServerResponse>();
  private fault: ApiFault | undefined;
  private frozen: Promise<Frozen> | undefined;

  constructor(private readonly far: FarEnd) {}

  change(fault: ApiFault | undefined): void {
    this.fault = fault;
    this.frozen = fault?.kind === 'stale-lists' ? this.readings.freeze(this.far) : undefined;
    if (fault?.kind === 'drop-watches') for (const each of this.watches) each.destroy();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const { fault, frozen } = this;
    const { method = 'GET', url = '/', headers } = request;
    const [path = ''] = url.split('?');
    const isWatch = isWatching(url);
    const isRead = method === 'GET' && !isWatch;
    if (!isWatch) for (const listener of this.listeners) listener({ method, path });
    if (fault?.kind === 'status' && (fault.writes !== true || method !== 'GET'))
      return send(request, response, statusAnswer(fault.code, path));
    if (fault?.kind === 'slow') await sleep(fault.ms, undefined, { ref: false });
    const question: Question = { method, url, headers };
    if (isRead) {
      const old = (await frozen)?.(question);
      if (old !== undefined) return send(request, response, old);
      if (fault === undefined) this.readings.remember(question);
    }
    if (response.destroyed) return;
    if (isWatch) this.watch(response, fault);
    this.far.pass(request, response);
  }

  private watch(response: ServerResponse, fault: ApiFault | undefined): void {
    this.watches.add(response);
    const drop = (): void => void response.destroy();
    const timer = fault?.kind === 'drop-watches' ? setTimeout(drop, fault.afterMs).unref() : undefined;
    response.once('close', () => {
      this.watches.delete(response);
      clearTimeout(timer);
    });
  }
}

function isWatching(url: string): boolean {
  return ['true', '1'].includes(new URL(url, 'http://localhost').searchParams.get('watch') ?? '');
}

function send(request: IncomingMessage, response: ServerResponse, { code, headers, body }: OwnAnswer): void {
  request.resume();
  response.writeHead(code, headers).end(body);
}

/** Without credentials: the line has them. Kubernetes' client speaks plain HTTP only where nothing is to be verified. */
async function writeKubeconfig(path: string, server: string): Promise<void> {
  const name = LOCAL_CONTEXT;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: {} }],
  };
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`);
}
