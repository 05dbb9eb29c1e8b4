import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { valueAt } from '../../domain/read-json';
import type { Environment } from './environment';
import { unreachable, wrong, type Failure } from './failure';
import type { Connection, HttpRequest } from './http';
import type { Secrets } from './secrets';

/** Whose name requests to AWS are signed with. */
export interface AwsIdentity {
  readonly region: string;
  /** A profile of the shared configuration files. */
  readonly profile?: string;
  /** A role that is assumed. */
  readonly roleArn?: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Credentials are renewed so long before they expire. */
const earlyMs = 5 * 60_000;

/**
 * Signs requests with AWS Signature Version 4. Credentials are those of the environment, else of the chain that every AWS SDK goes
 * through in the worker's process: web identity (IRSA), shared files, SSO, containers, instances.
 */
export class AwsAccess {
  readonly #known = new Map<string, Promise<Credentials>>();

  constructor(
    readonly environment: Environment,
    readonly clock: () => number,
  ) {}

  /** The region that is named, else the environment's. */
  region(named: string | undefined): string {
    const { AWS_REGION, AWS_DEFAULT_REGION } = this.environment;
    const region = (named ?? AWS_REGION) || AWS_DEFAULT_REGION;
    if (region === undefined || region === '')
      throw wrong('no AWS region: name it, or set AWS_REGION for the worker');
    if (!/^[a-z0-9-]{1,40}$/.test(region)) throw wrong('the AWS region is none');
    return region;
  }

  /** The request with the headers that prove who sends it. */
  async sign(
    request: HttpRequest,
    service: string,
    { identity, connection, secrets }: Signing,
  ): Promise<HttpRequest> {
    const credentials = await this.#credentials(identity, connection);
    secrets.add(credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken);
    const signer = new SignatureV4({ service, region: identity.region, credentials, sha256: Sha256 });
    const { url, method, body = '' } = request;
    const query = Object.fromEntries(
      [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)]),
    );
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query,
        headers: { ...request.headers, host: url.host },
        body,
      },
      { signingDate: new Date(this.clock()) },
    );
    const plain = new URL(url);
    plain.search = Object.entries(query)
      .flatMap(([key, values]) => values.map((value) => `${encode(key)}=${encode(value)}`))
      .join('&');
    const headers = Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
    return { ...request, url: plain, headers };
  }

  /** What failed or took too long is tried again next time: who waits for it must not make all others wait. */
  async #credentials(identity: AwsIdentity, connection: Connection): Promise<Credentials> {
    const key = JSON.stringify([identity.region, identity.profile, identity.roleArn]);
    const load = () => {
      const loading = this.#load(identity);
      this.#known.set(key, loading);
      return connection.wait(loading);
    };
    try {
      const known = this.#known.get(key);
      if (known === undefined) return await load();
      const credentials = await connection.wait(known);
      const { expiration } = credentials;
      const isFresh = expiration === undefined || expiration.getTime() - earlyMs > this.clock();
      return isFresh ? credentials : await load();
    } catch (error: unknown) {
      this.#known.delete(key);
      throw error;
    }
  }

  async #load({ region, profile, roleArn }: AwsIdentity): Promise<Credentials> {
    try {
      const own = profile === undefined ? this.#ofEnvironment() : undefined;
      if (own !== undefined && roleArn === undefined) return own;
      // Loaded only where it is used: it is large.
      const { fromNodeProviderChain, fromTemporaryCredentials } =
        await import('@aws-sdk/credential-providers');
      const chain =
        own ??
        fromNodeProviderChain({ ...(profile === undefined ? {} : { profile }), clientConfig: { region } });
      if (roleArn === undefined) return await (chain as () => Promise<Credentials>)();
      const params = { RoleArn: roleArn, RoleSessionName: 'belay' };
      return await fromTemporaryCredentials({ masterCredentials: chain, params, clientConfig: { region } })();
    } catch (error: unknown) {
      throw credentialsFailure(error);
    }
  }

  #ofEnvironment(): Credentials | undefined {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = this.environment;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
    const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    return AWS_SESSION_TOKEN ? { ...keys, sessionToken: AWS_SESSION_TOKEN } : keys;
  }
}

export interface Signing {
  readonly identity: AwsIdentity;
  readonly connection: Connection;
  readonly secrets: Secrets;
}

/** Only the kind of error is told: its text may name files and hosts of the worker. */
function credentialsFailure(error: unknown): Failure {
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = valueAt(error, '$metadata', 'httpStatusCode');
  const isRefused = typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
  const reason = `no AWS credentials (${name})`;
  return isRefused || name === 'CredentialsProviderError' ? wrong(reason) : unreachable(reason);
}

/** RFC 3986, as the signature's canonical query has it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** SHA-256 and its HMAC in the shape that the signer asks for. */
class Sha256 {
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(chunk));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
