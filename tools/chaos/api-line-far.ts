import type { IncomingMessage, IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Agent, request as ask, type RequestOptions } from 'node:https';
import { pipeline } from 'node:stream';
import type { Credentials } from '../local/pki';
import type { OwnAnswer } from './api-line-status';

/** What a question to the API server is beside its body. */
export interface Question {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** The API server at the far end of a line, asked as its administrator. */
export interface FarEnd {
  /** Passes a request and its answer on, both streaming; what breaks on one side breaks on the other. */
  pass(request: IncomingMessage, response: ServerResponse): void;
  /** Asks and collects the answer. */
  collect(question: Question): Promise<OwnAnswer>;
  close(): void;
}

/** They are of one connection (RFC 9110, 7.6.1). */
const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', 'host'];

export function farEnd(server: string, credentials: Credentials): FarEnd {
  const agent = new Agent({ keepAlive: true, ...credentials });
  const { hostname, port } = new URL(server);
  const options = ({ method, url, headers }: Question): RequestOptions => {
    const passed = withoutConnection(headers);
    return { agent, hostname, port, method, path: url, headers: passed };
  };
  return {
    pass(request, response) {
      const { method = 'GET', url = '/', headers } = request;
      const far = ask(options({ method, url, headers }), (answer) => {
        response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
        // Whoever watches waits for the head, before there is an event.
        response.flushHeaders();
        pipeline(answer, response, () => undefined);
      });
      far.on('error', () => response.destroy());
      response.once('close', () => far.destroy());
      request.pipe(far);
    },
    collect: (question) =>
      new Promise((resolve, reject) => {
        const far = ask(options(question), (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () => {
            const headers = withoutConnection(answer.headers) as Record<string, string>;
            resolve({ code: answer.statusCode ?? 502, headers, body: Buffer.concat(chunks) });
          });
        });
        far.once('error', reject);
        far.end();
      }),
    close: () => agent.destroy(),
  };
}

function withoutConnection(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));
}
