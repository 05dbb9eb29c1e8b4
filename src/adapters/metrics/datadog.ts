import type { Millis } from '../../domain/strategy';
import { measuredV1, measuredV2, saidByDatadog } from './datadog-answer';
import { datadogAccount, type DatadogAccount } from './datadog-account';
import { wrong } from './failure';
import { successful, type HttpRequest } from './http';
import { provider, type Measured, type Tools } from './provider';
import type { Spec } from './spec';
import { under } from './url';

interface Plan {
  readonly account: () => Promise<DatadogAccount>;
  readonly timeoutMs: Millis;
  readonly version: 'v1' | 'v2';
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly queries: readonly (readonly [string, string])[];
  readonly formula?: string;
  readonly aggregator: string;
}

const aggregators = ['avg', 'min', 'max', 'sum', 'last', 'percentile', 'mean', 'l2norm', 'area'] as const;
const [minute, second]: readonly [Millis, Millis] = [60_000, 1_000];

/** Argo's `datadog`: the newest point of a query (v1), or the scalar of a query or a formula (v2). */
export const datadog = provider(read, ask);

function read(spec: Spec, tools: Tools): Plan {
  const version = spec.oneOf('apiVersion', ['v1', 'v2']) ?? 'v1';
  const [query, formula] = [spec.text('query'), spec.text('formula')];
  const named = spec.dictionary('queries');
  const aggregator = spec.oneOf('aggregator', aggregators);
  const check = (isWrong: boolean, reason: string) => {
    if (isWrong) throw wrong(`${spec.path} ${reason}`);
  };
  check(query === undefined && named.length === 0, 'has neither query nor queries');
  check(query !== undefined && named.length > 0, 'has both query and queries; use one');
  check(version === 'v1' && query === undefined, 'has no query, which apiVersion v1 needs');
  check(formula !== undefined && named.length === 0, 'has a formula but no queries that it could name');
  check(formula === undefined && named.length > 1, 'has several queries and no formula over them');
  check(version === 'v1' && aggregator !== undefined, 'has an aggregator, which apiVersion v1 does not know');
  const to = Math.floor(tools.question.now / 1_000);
  const secretRef = spec.map('secretRef');
  return {
    account: datadogAccount(secretRef, tools),
    timeoutMs: spec.duration('requestTimeout', 10 * second),
    version,
    from: to - Math.floor(spec.duration('interval', 5 * minute) / 1_000),
    to,
    queries: query === undefined ? named : [['query', query]],
    ...(formula === undefined ? {} : { formula }),
    aggregator: aggregator ?? 'last',
  };
}

async function ask(plan: Plan, tools: Tools): Promise<Measured> {
  const connection = tools.connect({ timeoutMs: plan.timeoutMs, isInsecure: false });
  const { address, apiKey, appKey } = await connection.wait(plan.account());
  const keys = { 'dd-api-key': apiKey, 'dd-application-key': appKey, 'content-type': 'application/json' };
  const request = plan.version === 'v1' ? requestV1(address, plan) : requestV2(address, plan);
  const answer = await connection.send({ ...request, headers: keys });
  const { text } = successful(answer, saidByDatadog);
  return plan.version === 'v1' ? measuredV1(text) : measuredV2(text);
}

function requestV1(address: URL, { queries, from, to }: Plan): HttpRequest {
  const url = under(address, '/api/v1/query');
  url.search = new URLSearchParams({
    query: queries[0]?.[1] ?? '',
    from: String(from),
    to: String(to),
  }).toString();
  return { method: 'GET', url };
}

function requestV2(address: URL, { queries, formula, aggregator, from, to }: Plan): HttpRequest {
  const attributes = {
    from: from * 1_000,
    to: to * 1_000,
    queries: queries.map(([name, query]) => ({ aggregator, data_source: 'metrics', name, query })),
    formulas: formula === undefined ? [] : [{ formula }],
  };
  const body = JSON.stringify({ data: { type: 'scalar_request', attributes } });
  return { method: 'POST', url: under(address, '/api/v2/query/scalar'), body };
}
