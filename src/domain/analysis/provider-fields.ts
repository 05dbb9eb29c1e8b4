import type { Fields } from '../fields';
import { peekText } from '../peek';
import { ignore, refuse, reportUnknown, type Refusals } from '../read-refusals';
import { requireField } from '../read-with';
import { checkJudge, judgeKind } from './judge-metric';
import { checkSequential, sequentialKind } from './sequential-metric';

/** What a field holds: a leaf, a map of fields, a list of maps, or anything. */
type Shape = 'text' | 'int' | 'flag' | 'any' | ShapeMap | readonly [ShapeMap];
interface ShapeMap {
  readonly [field: string]: Shape;
}

const headers: Shape = [{ key: 'text', value: 'text' }];
const authentication: Shape = {
  basicAuth: { username: 'text', password: 'text' },
  oauth2: { tokenUrl: 'text', clientId: 'text', clientSecret: 'text', scopes: 'any' },
  sigv4: { region: 'text', profile: 'text', roleArn: 'text' },
};

/** The providers that there are, with their fields as Argo Rollouts names them. */
const providers: Readonly<Record<string, ShapeMap>> = {
  prometheus: {
    ...{ address: 'text', query: 'text', timeout: 'int', insecure: 'flag', headers, authentication },
    rangeQuery: { start: 'text', end: 'text', step: 'text' },
  },
  web: {
    ...{ method: 'text', url: 'text', headers, body: 'text', jsonBody: 'any', jsonPath: 'text' },
    ...{ timeoutSeconds: 'int', insecure: 'flag', authentication },
  },
  job: { metadata: 'any', spec: 'any' },
  datadog: {
    ...{ interval: 'text', query: 'text', queries: 'any', formula: 'text', apiVersion: 'text' },
    ...{ aggregator: 'text', requestTimeout: 'text', secretRef: { name: 'text', namespaced: 'flag' } },
  },
  graphite: { address: 'text', query: 'text' },
  influxdb: { profile: 'text', query: 'text' },
  cloudWatch: {
    interval: 'text',
    metricDataQueries: [
      {
        ...{ id: 'text', expression: 'text', label: 'text', period: 'any', returnData: 'flag' },
        metricStat: {
          ...{ period: 'any', stat: 'text', unit: 'text' },
          metric: {
            ...{ metricName: 'text', namespace: 'text' },
            dimensions: [{ name: 'text', value: 'text' }],
          },
        },
      },
    ],
  },
};

const needed: Readonly<Record<string, readonly [field: string, remedy: string]>> = {
  prometheus: ['query', 'write a PromQL query'],
  web: ['url', 'write the URL to ask'],
  job: ['spec', 'write the spec of a Job'],
  graphite: ['query', 'write a query'],
  influxdb: ['query', 'write a Flux query'],
  cloudWatch: ['metricDataQueries', 'write at least one query'],
};

const refused: Refusals = {
  kayenta: [
    'the provider kayenta is',
    'write a judge metric (provider.judge), which judges series as Kayenta does, with `kayenta: true` exactly so',
  ],
  newRelic: ['the provider newRelic is', 'ask the NerdGraph API by a web metric'],
  wavefront: ['the provider wavefront is', 'ask its query API by a web metric'],
  skywalking: ['the provider skywalking is', 'ask its GraphQL API by a web metric'],
  plugin: ['the provider plugin is', 'do what it does in a job metric'],
};

/** Reads the provider of a metric, as it is written: exactly one kind that is known, without unknown fields. */
export function readProvider(metric: Fields): Readonly<Record<string, unknown>> | undefined {
  const known = [...Object.keys(providers), sequentialKind, judgeKind];
  if (!requireField(metric, 'provider', `write one of: ${known.join(', ')}`)) return undefined;
  const provider = metric.map('provider');
  if (provider === undefined) return undefined;
  refuse(provider, refused);
  const kinds = known.filter((kind) => provider.raw(kind) !== undefined);
  reportUnknown(provider);
  const [kind] = kinds;
  if (kind === undefined) {
    // A kind that is refused or misspelt has been told already.
    if (Object.keys(provider.values).length > 0) return undefined;
    return metric.invalid('provider', 'names no provider', { remedy: `write one of: ${known.join(', ')}` });
  }
  if (kinds.length > 1) {
    const remedy = 'make each of them a metric of its own';
    return metric.invalid('provider', `names ${kinds.length} providers: ${kinds.join(' and ')}`, { remedy });
  }
  const shape = providers[kind];
  const fields = provider.map(kind);
  if (fields === undefined) return undefined;
  if (kind === sequentialKind) checkSequential(fields, peekText(metric.values, 'name') ?? '');
  if (kind === judgeKind) checkJudge(fields);
  if (shape !== undefined) checkShape(fields, shape);
  const need = needed[kind];
  if (need !== undefined) requireField(fields, ...need);
  return { [kind]: fields.values };
}

function checkShape(fields: Fields, shape: ShapeMap): void {
  for (const [key, each] of Object.entries(shape)) {
    if (each === 'text') fields.string(key);
    else if (each === 'int') fields.int(key);
    else if (each === 'flag') fields.boolean(key);
    else if (each === 'any') ignore(fields, key);
    else checkNested(fields, key, each);
  }
  reportUnknown(fields);
}

function checkNested(fields: Fields, key: string, shape: ShapeMap | readonly [ShapeMap]): void {
  if (isList(shape)) for (const item of fields.maps(key)) checkShape(item, shape[0]);
  else {
    const nested = fields.map(key);
    if (nested !== undefined) checkShape(nested, shape);
  }
}

function isList(shape: ShapeMap | readonly [ShapeMap]): shape is readonly [ShapeMap] {
  return Array.isArray(shape);
}
