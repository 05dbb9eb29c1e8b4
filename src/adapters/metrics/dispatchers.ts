import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { Environment } from './environment';

/** A connection that waited longer was often closed by the other side meanwhile, and its next request fails. */
const keepAliveMs = 1_000;

/** Connections that check certificates and, made when first needed, those that do not; through the proxies of the environment. */
export function createDispatchers(environment: Environment): (isInsecure: boolean) => Dispatcher {
  const made = new Map<boolean, Dispatcher>();
  return (isInsecure) => {
    const known = made.get(isInsecure);
    if (known !== undefined) return known;
    const tls = { rejectUnauthorized: !isInsecure };
    const either = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
    const agent = new EnvHttpProxyAgent({
      httpProxy: either('HTTP_PROXY'),
      httpsProxy: either('HTTPS_PROXY'),
      noProxy: either('NO_PROXY'),
      connect: tls,
      requestTls: tls,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
    made.set(isInsecure, agent);
    return agent;
  };
}
