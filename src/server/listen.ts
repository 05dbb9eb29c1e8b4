import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError } from '../client/client-error';
import type { Answer } from './answer';
import { RateLimit } from './rate';
import { addressOf, responding, type Responding } from './respond';

/** A receiver that listens. */
export interface Receiver {
  readonly port: number;
  /** Answers what has come already, for 2 s at most. */
  close(): Promise<void>;
}

export interface Listening extends Responding {
  readonly port: number;
  readonly host?: string;
  readonly say: (line: string) => void;
  /** How long a sender may take for its headers, and for all of its request. */
  readonly requestMs: number;
}

const closeWithinMs = 2_000;
/** So long what is sent in vain is thrown away, so that the sender reads the answer and not a broken connection. */
const lingerMs = 300;
/** Refusals are logged up to this rate: nobody fills a disk from outside. */
const logRate = { perSecond: 5, burst: 50 };

/** Starts the server. Throws ClientError when it cannot listen there. */
export async function listen(options: Listening): Promise<Receiver> {
  const { port, host, requestMs, say, trustProxy } = options;
  const respond = responding(options);
  const lines = new RateLimit(logRate);
  const log = (request: IncomingMessage, answer: Answer): void => {
    if (answer.log === undefined || (answer.status >= 400 && !lines.take())) return;
    const from = answer.status >= 400 ? ` from ${addressOf(request, trustProxy)}` : '';
    say(`webhook ${answer.status}${from}: ${answer.log.replace(/\p{Cc}+/gu, ' ')}`);
  };
  const server = createServer(
    {
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, requestMs / 4),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      respond(request).then(
        (answer) => {
          log(request, answer);
          send(request, response, answer);
        },
        () => response.destroy(),
      );
    },
  );
  server.maxConnections = 512;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ClientError('Failed', `cannot listen on port ${port} for webhooks: ${error.code}`)),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const hurry = setTimeout(() => server.closeAllConnections(), closeWithinMs);
        server.close(() => {
          clearTimeout(hurry);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, message, headers = {}, isCutOff = false } = answer;
  const text = `${JSON.stringify({ message })}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
    ...(isCutOff && { connection: 'close' }),
  });
  if (!isCutOff || request.complete) return void response.end(text);
  response.write(text);
  request.resume();
  const end = (): void => void response.end();
  const timer = setTimeout(end, lingerMs);
  request.once('end', end);
  request.once('close', () => clearTimeout(timer));
}
