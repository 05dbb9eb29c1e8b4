import { request } from 'node:https';
import type { Credentials } from './pki';

/** An answer of the API server; the body is parsed if it is JSON. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** Calls the local API server as its administrator, with no client library to load. */
export function callApi(
  server: string,
  credentials: Credentials,
  method: string,
  path: string,
  body?: object,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const options = { method, headers, ...credentials, agent: false, timeout: 5_000 };
    const call = request(new URL(path, server), options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer from ${server}${path}`)));
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
