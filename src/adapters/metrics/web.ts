import type { Millis } from '../../domain/strategy';
import { readAuthentication, sendAs, type Authentication } from './authentication';
import { wrong } from './failure';
import { readHeaders } from './headers';
import { successful, type HttpRequest } from './http';
import { firstAt } from './json-path';
import { parseJsonPath, type Step } from './json-path-parse';
import { provider, type Measured, type Tools } from './provider';
import type { Spec } from './spec';
import { readUrl } from './url';

interface Plan {
  readonly request: HttpRequest;
  readonly timeoutMs: Millis;
  readonly isInsecure: boolean;
  readonly steps: readonly Step[];
  readonly authentication: Authentication;
}

const defaultTimeoutSeconds = 10;

/** Argo's `web`: a value out of a JSON answer, or the whole answer as text when it is no JSON. */
export const web = provider(read, ask);

function read(spec: Spec, tools: Tools): Plan {
  const url = readUrl(spec.required('url'), `field ${spec.path}.url`, tools.secrets);
  const method = spec.oneOf('method', ['GET', 'POST', 'PUT']) ?? 'GET';
  const [text, json] = [spec.text('body'), spec.raw('jsonBody')];
  if (text !== undefined && json !== undefined)
    throw wrong(`${spec.path} has both body and jsonBody; use one`);
  const body = json === undefined ? text : JSON.stringify(json);
  if (body !== undefined && method === 'GET')
    throw wrong(`${spec.path} has a body, which needs method POST or PUT`);
  const headers = {
    ...readHeaders(spec, tools.secrets),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const seconds = spec.whole('timeoutSeconds') ?? 0;
  return {
    request: { method, url, headers, ...(body === undefined ? {} : { body }) },
    // As in Argo, 0 and less mean the default.
    timeoutMs: (seconds > 0 ? seconds : defaultTimeoutSeconds) * 1_000,
    isInsecure: spec.flag('insecure'),
    steps: parseJsonPath(spec.text('jsonPath') ?? '{$}'),
    authentication: readAuthentication(spec, tools),
  };
}

async function ask(
  { request, timeoutMs, isInsecure, steps, authentication }: Plan,
  tools: Tools,
): Promise<Measured> {
  const connection = tools.connect({ timeoutMs, isInsecure });
  const service = awsServiceOf(request.url.hostname);
  const answer = await sendAs(authentication, request, connection, { tools, service });
  const { text } = successful(answer, () => undefined);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { value: text };
  }
  return { value: firstAt(steps, json) };
}

/** `<service>.<region>.amazonaws.com`, below which an API may have a name of its own; else that of API Gateway. */
function awsServiceOf(host: string): string {
  return /(?:^|\.)([a-z0-9-]+)\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1] ?? 'execute-api';
}
