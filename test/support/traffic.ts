import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { KubeObject } from '../../src/domain/kube-object';
import { peekList, peekText } from '../../src/domain/peek';
import type { Cluster } from '../../src/ports/cluster';

/** Requests that simulated pods serve: counters that grow with time, at one address for all pods or at one for each version. */
export interface Traffic {
  /** `host:port` of the counters of all pods, each with the label `pod`. */
  readonly target: string;
  /** The port at which the pods of an image show their counters, on every address of this machine. */
  portOf(image: string): Promise<number>;
  /** The share of requests that fails, by the tag of the image. */
  errors: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

interface Counted {
  requests: number;
  bad: number;
  at: number;
}

/** Each pod serves so many requests a second. */
const perSecond = 1_500;

/** Starts traffic to the pods of a namespace. A pod counts from when it is seen first. */
export async function startTraffic(kube: Cluster, namespace: string): Promise<Traffic> {
  const counted = new Map<string, Counted>();
  const servers: Server[] = [];
  let errors: Readonly<Record<string, number>> = {};

  function count(name: string, image: string): Counted {
    const now = Date.now();
    const known = counted.get(name) ?? { requests: 0, bad: 0, at: now };
    const served = ((now - known.at) / 1_000) * perSecond;
    const next = {
      requests: known.requests + served,
      bad: known.bad + served * (errors[image] ?? 0),
      at: now,
    };
    counted.set(name, next);
    return next;
  }

  async function all(): Promise<string> {
    const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
    const serving = pods.filter((pod) => peekText(pod, 'status', 'phase') === 'Running');
    return serving
      .map((pod) => linesOf(count(pod.metadata.name, tagOf(pod)), `pod="${pod.metadata.name}",`))
      .join('');
  }

  async function listen(body: () => Promise<string>): Promise<number> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      body().then(
        (text) => response.end(text),
        () => response.writeHead(500).end(),
      );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    return (server.address() as AddressInfo).port;
  }

  const target = `127.0.0.1:${await listen(all)}`;
  return {
    target,
    portOf: (image) => listen(() => Promise.resolve(linesOf(count(`each of ${image}`, image), ''))),
    get errors() {
      return errors;
    },
    set errors(next) {
      errors = next;
    },
    async stop() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function tagOf(pod: KubeObject): string {
  return (
    peekText(peekList(pod, 'spec', 'containers')[0], 'image')
      ?.split(':')
      .at(-1) ?? ''
  );
}

function linesOf({ requests, bad }: Counted, labels: string): string {
  const failed = Math.floor(bad);
  return (
    `http_requests_total{${labels}code="200"} ${Math.floor(requests) - failed}\n` +
    (failed === 0 ? '' : `http_requests_total{${labels}code="500"} ${failed}\n`)
  );
}

/** An address of this machine that an API server is willing to ask: it refuses the loopback. */
export function ownAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
