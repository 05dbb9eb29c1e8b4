import type { Dispatcher } from 'undici';
import { formatMillis } from '../../domain/duration';
import { isMap } from '../../domain/read-json';
import type { Millis } from '../../domain/strategy';
import type { Metrics, Question, Reading } from '../../ports/metrics';
import { AwsAccess } from './aws';
import { cloudWatch } from './cloud-watch';
import { datadog } from './datadog';
import { createDispatchers } from './dispatchers';
import type { Environment } from './environment';
import { Failure, wrong } from './failure';
import { graphite } from './graphite';
import { connector } from './http';
import { influxdb } from './influxdb';
import { TokenCache } from './oauth2';
import { prometheus, prometheusRanges, prometheusSeries } from './prometheus';
import type { Measured, Provider } from './provider';
import { Secrets } from './secrets';
import { Spec } from './spec';
import { web } from './web';

export interface MetricsOptions {
  /** For defaults of the worker: addresses, proxies, AWS and Datadog credentials. Default: this process's. */
  readonly environment?: Environment;
  /** Epoch milliseconds; default `Date.now`. */
  readonly clock?: () => number;
  /** No measurement takes longer, whatever its metric says; default: what the metric or its provider says. */
  readonly maxTimeoutMs?: Millis;
  /** Sends all requests instead of the adapter's own connections; certificates are then its matter. */
  readonly dispatcher?: Dispatcher;
}

const providers: Readonly<Record<string, Provider>> = {
  prometheus,
  web,
  datadog,
  graphite,
  influxdb,
  cloudWatch,
};

/** Asked by metrics that count for themselves: their answer is no value for conditions. */
const hidden: Readonly<Record<string, Provider>> = { sequential: prometheusSeries, judge: prometheusRanges };

/** Longer messages help nobody, and travel in histories. */
const longestMessage = 600;

/**
 * Metric providers with the fields and the semantics of Argo Rollouts' (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/).
 * Messages read `prometheus at http://host:9090/api/v1/query: connection refused (ECONNREFUSED), after 12 ms` and hold no secret.
 * A measurement that is stopped by its signal answers at once, as one whose provider is unreachable.
 */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { environment = process.env, clock = Date.now, maxTimeoutMs = Infinity, dispatcher } = options;
  const dispatcherFor = dispatcher === undefined ? createDispatchers(environment) : () => dispatcher;
  const tokens = new TokenCache(clock);
  const aws = new AwsAccess(environment, clock);

  const measure = async (question: Question): Promise<Reading> => {
    const secrets = new Secrets();
    const startedAt = clock();
    let where = '';
    const onRequest = (next: string) => (where = next);
    const connect = connector({ signal: question.signal, secrets, maxTimeoutMs, dispatcherFor, onRequest });
    const kind = Object.keys(question.provider)[0] ?? '';
    try {
      const [measuring, spec] = chosen(question.provider);
      const tools = { question, environment, secrets, connect, tokens, aws, clock };
      return readingOf(await measuring(spec, tools), secrets);
    } catch (error: unknown) {
      if (!(error instanceof Failure)) throw error;
      const [at, waited] =
        where === ''
          ? ['', '']
          : [` at ${secrets.hide(where)}`, `, after ${formatMillis(clock() - startedAt)}`];
      const reason = secrets.hide(error.message).slice(0, longestMessage);
      const message = `${kind.slice(0, 40)}${at}: ${reason}${waited}`;
      return { kind: 'error', message, isUnreachable: error.isUnreachable };
    }
  };
  return { kinds: Object.keys(providers), measure };
}

function chosen(written: Question['provider']): readonly [Provider, Spec] {
  const [kind, ...more] = Object.keys(written);
  if (kind === undefined) throw wrong('the metric has no provider');
  if (more.length > 0)
    throw wrong(`the metric has several providers, ${[kind, ...more].join(' and ')}; use one`);
  const all = { ...providers, ...hidden };
  const found = Object.hasOwn(all, kind) ? all[kind] : undefined;
  if (found === undefined) throw wrong(`no such provider; there are ${Object.keys(providers).join(', ')}`);
  const values = written[kind];
  if (!isMap(values)) throw wrong('its fields must be a map');
  return [found, new Spec(values, kind)];
}

function readingOf({ value, metadata }: Measured, secrets: Secrets): Reading {
  if (metadata === undefined) return { kind: 'value', value };
  const hidden = Object.entries(metadata).map(([key, text]) => [key, secrets.hide(text)]);
  return { kind: 'value', value, metadata: Object.fromEntries(hidden) as Record<string, string> };
}
