import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import type { TlsAccess } from './access';
import { lookupElsewhere } from './addresses';
import type { ChartLimits } from './limits';

export interface Way {
  readonly tls?: TlsAccess | undefined;
  readonly mayBeLocal: boolean;
}

/** A connection that waited longer was often closed by the other side meanwhile. */
const keepAliveMs = 1_000;
/** Certificates change seldom; more than so many sets of them are not remembered. */
const mostAgents = 32;

/** Connections by what they trust and whom they may reach. */
export function createDispatchers({ stalledMs }: Pick<ChartLimits, 'stalledMs'>): (way: Way) => Dispatcher {
  const made = new Map<string, Agent>();
  return ({ tls = {}, mayBeLocal }) => {
    const { insecure = false, ca, cert, key } = tls;
    const name = createHash('sha256')
      .update(JSON.stringify([insecure, ca, cert, key, mayBeLocal]))
      .digest('hex');
    const known = made.get(name);
    if (known !== undefined) return known;
    const agent = new Agent({
      connect: {
        rejectUnauthorized: !insecure,
        timeout: stalledMs,
        // Besides the authorities that are trusted anyway.
        ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        ...(mayBeLocal ? {} : { lookup: lookupElsewhere }),
      },
      headersTimeout: stalledMs,
      bodyTimeout: stalledMs,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
    const [oldest] = made.keys();
    if (made.size >= mostAgents && oldest !== undefined) {
      void made.get(oldest)?.close();
      made.delete(oldest);
    }
    made.set(name, agent);
    return agent;
  };
}
