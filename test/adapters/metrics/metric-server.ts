import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the server was sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Behaviour = (sent: Sent, response: ServerResponse) => void;

export interface MetricServer {
  readonly url: string;
  /** All that it was sent, oldest first. */
  readonly sent: Sent[];
  /** How it answers from now on. */
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A local HTTP server that plays a metric system; with TLS under a certificate that nobody knows. */
export async function startMetricServer({ tls = false } = {}): Promise<MetricServer> {
  const sent: Sent[] = [];
  let behaviour: Behaviour = (_, response) => response.writeHead(404).end();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://server');
      const one = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      sent.push(one);
      behaviour(one, response);
    });
  };
  const server = tls ? createTlsServer(selfSigned(), listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    sent,
    behave: (next) => (behaviour = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with a status and a text. */
export function answer(status: number, body: string): Behaviour {
  return (_, response) => response.writeHead(status).end(body);
}

export const hang: Behaviour = () => undefined;

/** Headers and the first bytes come at once, the rest never. */
export const hangHalfway: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"');
};

export const truncate: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"', () => response.destroy());
};

export const truncateChunked: Behaviour = (_, response) => {
  response.writeHead(200).write('{"', () => response.destroy());
};

export const reset: Behaviour = (_, response) => {
  response.socket?.resetAndDestroy();
};

export const redirectForEver: Behaviour = (_, response) => {
  response.writeHead(302, { location: '/again?hop=sentinel-hop' }).end();
};

/** 10 MB without saying so before, as fast as they are taken. */
export const tenMegabytes: Behaviour = (_, response) => {
  const chunk = Buffer.alloc(100_000, '1');
  let left = 100;
  const more = () => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more);
    response.end();
  };
  response.writeHead(200);
  more();
};

export const notHttp: Behaviour = (_, response) => {
  response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n');
};

let pair: { key: string; cert: string } | undefined;

function selfSigned(): { key: string; cert: string } {
  if (pair !== undefined) return pair;
  const dir = mkdtempSync(join(tmpdir(), 'metric-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, ...names, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  return pair;
}
