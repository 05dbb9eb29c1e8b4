import { evaluateTime } from '../../domain/expr';
import type { Millis } from '../../domain/strategy';
import { readAuthentication, sendAs, type Authentication } from './authentication';
import { wrong } from './failure';
import { readHeaders } from './headers';
import { successful, type HttpAnswer } from './http';
import { measuredBy, rangesIn, saidByPrometheus, seriesIn } from './prometheus-answer';
import { provider, type Measured, type Tools } from './provider';
import type { Spec } from './spec';
import { readUrl, under } from './url';

interface Plan {
  readonly address: URL;
  /** Parameters of the query. */
  readonly form: Readonly<Record<string, string>>;
  readonly path: string;
  readonly timeoutMs: Millis;
  readonly isInsecure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly authentication: Authentication;
}

const defaultTimeoutSeconds = 30;

/** Argo's `prometheus`: an instant query at the moment of the question, or with `rangeQuery` one over a time. */
export const prometheus = provider(read, ask);

/** The raw series of an instant query, for a metric that counts for itself; each with its labels. */
export const prometheusSeries = provider(read, async (plan, tools) => ({
  value: seriesIn(await send(plan, tools)),
}));

/** The series of a range query with their moments, for a metric that compares series. */
export const prometheusRanges = provider(read, async (plan, tools) => ({
  value: rangesIn(await send(plan, tools)),
}));

function read(spec: Spec, tools: Tools): Plan {
  const query = spec.required('query');
  const seconds = spec.whole('timeout') ?? defaultTimeoutSeconds;
  if (seconds < 1) throw wrong(`field ${spec.path}.timeout must be above 0 seconds`);
  const address = addressOf(spec, tools);
  const headers = readHeaders(spec, tools.secrets);
  const range = spec.map('rangeQuery');
  const now = tools.question.now;
  return {
    address,
    form: range === undefined ? { query, time: secondsOf(now) } : { query, ...rangeOf(range, now) },
    path: range === undefined ? '/api/v1/query' : '/api/v1/query_range',
    timeoutMs: seconds * 1_000,
    isInsecure: spec.flag('insecure'),
    headers,
    authentication: readAuthentication(spec, tools),
  };
}

async function ask(plan: Plan, tools: Tools): Promise<Measured> {
  return measuredBy(await send(plan, tools));
}

async function send(plan: Plan, tools: Tools): Promise<string> {
  const connection = tools.connect({ timeoutMs: plan.timeoutMs, isInsecure: plan.isInsecure });
  const url = under(plan.address, plan.path);
  const form = new URLSearchParams(plan.form).toString();
  const sendBy = (method: 'GET' | 'POST'): Promise<HttpAnswer> => {
    const target = new URL(url);
    const headers: Record<string, string> = { accept: 'application/json', ...plan.headers };
    if (method === 'POST') headers['content-type'] = 'application/x-www-form-urlencoded';
    else target.search = [url.search.slice(1), form].filter((part) => part !== '').join('&');
    const request = { method, url: target, headers, ...(method === 'POST' ? { body: form } : {}) };
    return sendAs(plan.authentication, request, connection, { tools, service: 'aps' });
  };
  const posted = await sendBy('POST');
  // Some proxies and older servers allow no POST; Prometheus' own client asks again like this.
  const answer = posted.status === 405 || posted.status === 501 ? await sendBy('GET') : posted;
  return successful(answer, saidByPrometheus).text;
}

function addressOf(spec: Spec, { environment, secrets }: Tools): URL {
  const written = spec.text('address');
  if (written !== undefined) return readUrl(written, `field ${spec.path}.address`, secrets);
  for (const name of ['BELAY_PROMETHEUS_ADDRESS', 'ARGO_ROLLOUTS_PROMETHEUS_ADDRESS']) {
    const value = environment[name];
    if (value !== undefined && value !== '') return readUrl(value, `the worker's ${name}`, secrets);
  }
  throw wrong(`field ${spec.path}.address is missing, and the worker has no BELAY_PROMETHEUS_ADDRESS`);
}

function rangeOf(range: Spec, now: number): Readonly<Record<string, string>> {
  const at = (key: string): string => {
    const source = range.required(key);
    const time = evaluateTime(source, now);
    if (time.ok) return secondsOf(time.value);
    throw wrong(`field ${range.path}.${key} cannot be evaluated: ${time.message}`);
  };
  const step = range.duration('step', 0);
  if (step === 0) throw wrong(`field ${range.path}.step is missing`);
  return { start: at('start'), end: at('end'), step: secondsOf(step) };
}

function secondsOf(millis: Millis): string {
  return (millis / 1_000).toFixed(3);
}
