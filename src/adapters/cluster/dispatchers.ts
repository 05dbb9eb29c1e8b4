import { type KubeConfig, HttpMethod, RequestContext } from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import type { AgentOptions, RequestOptions } from 'node:https';
import { Agent, type Dispatcher } from 'undici';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;

/** More than a worker has clusters; what is used least lately is closed when its last request has ended. */
const mostKept = 100;

const kept = new Map<string, Dispatcher>();

/** What a request needs besides its body. */
export interface Way {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher?: Dispatcher;
}

/**
 * Headers and connections by a kubeconfig's credentials of this moment. client-node makes new connections, each with a TLS handshake,
 * for every request; here requests with the same trust, identity and proxy share them.
 */
export async function wayOf(config: KubeConfig, url: string): Promise<Way> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { agent: _agent, auth, headers: given, ...tls } = options;
  const headers = {
    ...(given as Readonly<Record<string, string>> | undefined),
    ...(auth === undefined || auth === null
      ? {}
      : { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
  };
  const cluster = config.getCurrentCluster();
  const how = config.createDispatcherOptions(cluster, tls as AgentOptions);
  if (how.type === 'none') return { headers };
  const key = keyOf(how);
  const dispatcher = kept.get(key) ?? (await open(config, how, url));
  keep(key, dispatcher);
  return { headers, dispatcher };
}

/** Proxies are client-node's. */
async function open(config: KubeConfig, how: DispatcherOptions, url: string): Promise<Dispatcher> {
  if (how.type === 'agent')
    return new Agent({ connect: how.connect as Agent.Options['connect'] & object, allowH2: false });
  const context = new RequestContext(url, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  return context.getDispatcher() as unknown as Dispatcher;
}

function keep(key: string, dispatcher: Dispatcher): void {
  kept.delete(key);
  kept.set(key, dispatcher);
  for (const [oldest, its] of kept) {
    if (kept.size <= mostKept) return;
    kept.delete(oldest);
    void its.close().catch(() => undefined);
  }
}

/** A hash: keys and certificates are not kept a second time. */
function keyOf(how: DispatcherOptions): string {
  const hash = createHash('sha256');
  const add = (value: unknown): void => {
    if (Buffer.isBuffer(value)) hash.update(`b${value.length}:`).update(value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) {
        hash.update(`${name}=`);
        add(each);
      }
    else hash.update(`${typeof value}:${String(value)};`);
  };
  add(how);
  return hash.digest('hex');
}
