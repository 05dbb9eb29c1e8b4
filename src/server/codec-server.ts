import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encryptingCodec, openKeyRing, payloadKeysFile } from '../adapters/codec';
import type { CodecServerOptions } from '../cli/codec-options';
import { ClientError } from '../client/client-error';
import { codecResponding } from './codec-respond';
import { say } from './say';
import { untilStopped } from './until-stopped';

/** Temporal's own limit for a payload is 2 MiB; its UI asks for all those of a page of a history at once. */
const bodyBytes = 16 << 20;
const requestMs = 10_000;

/** A codec server that listens. */
export interface CodecServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a codec server. Throws ClientError, or PortError of the key file, when it cannot be as safe as it has to be. */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { port, host, origin: origins = [], tokenFile, payloadKeys } = options;
  const file = payloadKeysFile(payloadKeys, process.env);
  if (file === undefined)
    throw new ClientError('InvalidConfig', 'without keys there is nothing to decode', {
      remedy: 'name the key file with --payload-keys FILE or BELAY_PAYLOAD_KEYS_FILE',
    });
  if (tokenFile === undefined && !/^(?:localhost|127\.[\d.]+|::1)$/.test(host))
    throw new ClientError('InvalidConfig', `whoever reaches ${host} could read all payloads`, {
      remedy: 'guard them with --token-file FILE, or listen at 127.0.0.1',
    });
  const token = tokenFile === undefined ? undefined : () => readToken(tokenFile);
  await token?.();
  const respond = codecResponding(encryptingCodec(openKeyRing(file, say)), {
    origins,
    bodyBytes,
    ...(token === undefined ? {} : { token }),
  });
  const server = createServer(
    { requestTimeout: requestMs, headersTimeout: requestMs },
    (request, response) => {
      respond(request).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(),
      );
    },
  );
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new ClientError('Failed', `cannot listen on ${host}:${port}: ${code}`)),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves until SIGINT or SIGTERM. */
export async function runCodecServer(options: CodecServerOptions): Promise<void> {
  const server = await startCodecServer(options);
  say(`codec server ready: http://${options.host}:${server.port}`);
  await untilStopped();
  await server.close();
}

/** Anew at each request, so that a rotated one counts at once. */
async function readToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const token = text.trim();
  if (token !== '' && !/\s/.test(token)) return token;
  throw new ClientError(
    'InvalidConfig',
    `there is no token in ${file}: it is missing, empty or has several words`,
    {
      remedy: '(umask 077; openssl rand -hex 32 > FILE)',
    },
  );
}
