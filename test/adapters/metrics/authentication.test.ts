import { createHash, createHmac } from 'node:crypto';
import { createMetrics, type MetricsOptions } from '../../../src/adapters/metrics';
import type { Metrics, Reading } from '../../../src/ports/metrics';
import {
  answer,
  hang,
  startMetricServer,
  type Behaviour,
  type MetricServer,
  type Sent,
} from './metric-server';
import { tellsSecret } from './subjects';

let server: MetricServer;
beforeEach(async () => {
  server = await startMetricServer();
});
afterEach(() => server.close());

const start = Date.UTC(2026, 0, 1);

function ask(
  metrics: Metrics,
  provider: Record<string, unknown>,
  signal = new AbortController().signal,
): Promise<Reading> {
  return metrics.measure({ provider, now: start, signal, secret: async () => undefined });
}

const isToken = ({ path }: Sent) => path === '/token';
const messageOf = (reading: Reading) =>
  reading.kind === 'error' ? reading.message : `value ${String(reading.value)}`;

describe('oauth2', () => {
  let time = start;
  const clock = () => time;
  beforeEach(() => {
    time = start;
  });

  const provider = (changes: Record<string, unknown> = {}) => ({
    web: {
      url: `${server.url}/value`,
      authentication: {
        oauth2: {
          tokenUrl: `${server.url}/token`,
          clientId: 'sentinel:id',
          clientSecret: 'sentinel &',
          scopes: ['a', 'b'],
          ...changes,
        },
      },
    },
  });

  /** Gives out `sentinel-1`, `sentinel-2` and so on, and answers with the header that it sees. */
  function behave(token: (number: number) => Record<string, unknown> = () => ({}), value?: Behaviour): void {
    server.behave((sent, response) => {
      if (!isToken(sent)) {
        if (value === undefined) response.end(JSON.stringify(sent.headers.authorization));
        else value(sent, response);
        return;
      }
      const number = server.sent.filter(isToken).length;
      response.end(
        JSON.stringify({
          access_token: `sentinel-${number}`,
          token_type: 'bearer',
          expires_in: 60,
          ...token(number),
        }),
      );
    });
  }

  test('asks for a token once, and again ten seconds before it expires', async () => {
    behave();
    const metrics = createMetrics({ environment: {}, clock });
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 'Bearer sentinel-1' });
    time += 49_000;
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 'Bearer sentinel-1' });
    time += 1_000;
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 'Bearer sentinel-2' });
    const [first] = server.sent;
    const basic = Buffer.from('sentinel%3Aid:sentinel%20%26').toString('base64');
    expect(first).toMatchObject({ method: 'POST', headers: { authorization: `Basic ${basic}` } });
    expect(Object.fromEntries(new URLSearchParams(first?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
    });
  });

  test.each([
    ['another client', { clientId: 'other' }],
    ['another secret', { clientSecret: 'other' }],
    ['other scopes', { scopes: ['c'] }],
  ])('has a token of its own for %s', async (_, changes) => {
    behave();
    const metrics = createMetrics({ environment: {}, clock });
    await ask(metrics, provider());
    expect(await ask(metrics, provider(changes))).toEqual({ kind: 'value', value: 'Bearer sentinel-2' });
  });

  test('uses a token that does not say how long it lives once', async () => {
    behave(() => ({ expires_in: undefined }));
    const metrics = createMetrics({ environment: {}, clock });
    await ask(metrics, provider());
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 'Bearer sentinel-2' });
  });

  test('shows itself in the form where the header is refused', async () => {
    server.behave((sent, response) => {
      if (!isToken(sent)) return response.end('1');
      if (sent.headers.authorization !== undefined)
        return response.writeHead(401).end('{"error":"invalid_client"}');
      return response.end('{"access_token":"t","token_type":"Bearer","expires_in":"60"}');
    });
    const metrics = createMetrics({ environment: {}, clock });
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 1 });
    expect(Object.fromEntries(new URLSearchParams(server.sent[1]?.body))).toMatchObject({
      client_id: 'sentinel:id',
      client_secret: 'sentinel &',
    });
  });

  test('gets a new token, once, when the known one was revoked', async () => {
    let revoked = '';
    behave(undefined, (sent, response) => {
      const seen = sent.headers.authorization ?? '';
      response.writeHead(seen === revoked ? 401 : 200).end(JSON.stringify(seen));
    });
    const metrics = createMetrics({ environment: {}, clock });
    await ask(metrics, provider());
    revoked = 'Bearer sentinel-1';
    expect(await ask(metrics, provider())).toEqual({ kind: 'value', value: 'Bearer sentinel-2' });
    behave(undefined, answer(401, ''));
    expect(messageOf(await ask(metrics, provider()))).toMatch(/: answered 401, after/);
    expect(server.sent.filter((sent) => !isToken(sent))).toHaveLength(5);
  });

  test.each<[string, Behaviour, boolean, string]>([
    ['is down', answer(503, ''), true, 'answered 503: no access token'],
    ['throttles', answer(429, ''), true, 'answered 429: no access token'],
    [
      'refuses',
      answer(401, '{"error":"invalid_client","error_description":"sentinel"}'),
      false,
      'answered 401: no access token, invalid_client',
    ],
    ['refuses strangely', answer(400, '{"error":"sentinel &"}'), false, 'answered 400: no access token'],
    ['answers a page', answer(200, '<sentinel>'), false, 'no access token: the answer is no JSON'],
    ['answers nothing', answer(200, ''), false, 'no access token: the answer is empty'],
    ['gives no token', answer(200, '{}'), false, 'no access token: the answer has no access_token'],
    [
      'gives a strange token',
      answer(200, '{"access_token":"sentinel","token_type":"mac"}'),
      false,
      'no access token: its token is no bearer token',
    ],
    ['never answers', hang, true, 'no answer within 300 ms'],
  ])('says that the server of tokens %s', async (_, behaviour, isUnreachable, reason) => {
    server.behave(behaviour);
    const metrics = createMetrics({ environment: {}, maxTimeoutMs: 300 });
    const reading = await ask(metrics, provider());
    expect(reading).toMatchObject({ kind: 'error', isUnreachable });
    expect(messageOf(reading)).toMatch(/^web at http:\/\/127\.0\.0\.1:\d+\/token: /);
    expect(messageOf(reading)).toContain(`/token: ${reason}, after `);
    expect(tellsSecret(messageOf(reading))).toBe(false);
    expect(server.sent.every(isToken)).toBe(true);
  });
});

describe('sigv4', () => {
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
  const metricsOf = (environment: NonNullable<MetricsOptions['environment']>) =>
    createMetrics({ environment, clock: () => start });

  /** The signature as AWS describes it, from what arrived. */
  function signatureOf(sent: Sent, secret: string): string {
    const authorization = sent.headers.authorization ?? '';
    const scope = /Credential=[^/]+\/([^,]+)/.exec(authorization)?.[1] ?? '';
    const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '';
    const encode = (text: string) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const query = [...sent.query]
      .map(([key, value]) => `${encode(key)}=${encode(value)}`)
      .sort()
      .join('&');
    const headers = signed
      .split(';')
      .map((name) => `${name}:${String(sent.headers[name]).trim()}\n`)
      .join('');
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    const path = sent.path.split('/').map(encodeURIComponent).join('/');
    const canonical = [sent.method, path, query, headers, signed, digest(sent.body)].join('\n');
    const text = ['AWS4-HMAC-SHA256', sent.headers['x-amz-date'], scope, digest(canonical)].join('\n');
    const key = scope
      .split('/')
      .reduce<string | Buffer>(
        (last, part) => createHmac('sha256', last).update(part).digest(),
        `AWS4${secret}`,
      );
    return createHmac('sha256', key).update(text).digest('hex');
  }

  function expectSigned(sent: Sent | undefined, scope: string): void {
    if (sent === undefined) throw new Error('nothing was sent');
    expect(sent.headers.authorization).toContain(`Credential=AKIDEXAMPLE/20260101/${scope}/aws4_request, `);
    expect(sent.headers.authorization).toContain(
      `Signature=${signatureOf(sent, keys.AWS_SECRET_ACCESS_KEY)}`,
    );
  }

  test('signs a query for Amazon Managed Prometheus', async () => {
    server.behave(answer(200, '{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}'));
    const prometheus = {
      address: `${server.url}/workspaces/ws-1?a=b c*&é=1`,
      query: 'up',
      headers: [{ key: 'X-Extra', value: 'yes' }],
      authentication: { sigv4: { region: 'eu-west-1' } },
    };
    expect(await ask(metricsOf(keys), { prometheus })).toEqual({ kind: 'value', value: 2 });
    expect(server.sent[0]?.path).toBe('/workspaces/ws-1/api/v1/query');
    expectSigned(server.sent[0], 'eu-west-1/aps');
  });

  test('signs a GET of a web metric, with the token of a session', async () => {
    server.behave(answer(200, '3'));
    const web = { url: `${server.url}/a%20b/c?x=1&x=2`, authentication: { sigv4: { region: 'us-east-1' } } };
    const metrics = metricsOf({ ...keys, AWS_SESSION_TOKEN: 'session' });
    expect(await ask(metrics, { web })).toEqual({ kind: 'value', value: 3 });
    expectSigned(server.sent[0], 'us-east-1/execute-api');
    expect(server.sent[0]?.headers['x-amz-security-token']).toBe('session');
  });

  test('asks CloudWatch for GetMetricData', async () => {
    server.behave(answer(200, '{"MetricDataResults":[],"Messages":[{"Code":"c","Value":"v"}]}'));
    const stat = {
      metric: { namespace: 'app', metricName: 'errors', dimensions: [{ name: 'a', value: 'b' }] },
      period: '300',
      stat: 'Sum',
      unit: 'Count',
    };
    const cloudWatch = {
      interval: '30m',
      metricDataQueries: [
        { id: 'rate', expression: 'errors / 2', label: 'l' },
        { id: 'errors', metricStat: stat, returnData: false },
      ],
    };
    const metrics = metricsOf({ ...keys, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: server.url });
    expect(await ask(metrics, { cloudWatch })).toEqual({
      kind: 'value',
      value: [],
      metadata: { messages: '[{"Code":"c","Value":"v"}]' },
    });
    expectSigned(server.sent[0], 'eu-central-1/monitoring');
    expect(server.sent[0]?.headers).toMatchObject({
      'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
      'content-type': 'application/x-amz-json-1.0',
    });
    expect(JSON.parse(server.sent[0]?.body ?? '')).toEqual({
      StartTime: start / 1_000 - 1_800,
      EndTime: start / 1_000,
      MetricDataQueries: [
        { Id: 'rate', Expression: 'errors / 2', Label: 'l' },
        {
          Id: 'errors',
          ReturnData: false,
          MetricStat: {
            Metric: { Namespace: 'app', MetricName: 'errors', Dimensions: [{ Name: 'a', Value: 'b' }] },
            Period: 300,
            Stat: 'Sum',
            Unit: 'Count',
          },
        },
      ],
    });
  });

  test('takes the throttling of CloudWatch, status 400, for being too busy', async () => {
    server.behave(
      answer(400, '{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}'),
    );
    const metrics = metricsOf({ ...keys, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: server.url });
    const reading = await ask(metrics, { cloudWatch: { metricDataQueries: [{ id: 'a', expression: 'b' }] } });
    expect(reading).toMatchObject({ kind: 'error', isUnreachable: true });
    expect(messageOf(reading)).toContain(': answered 400: ThrottlingException: Rate exceeded, after ');
  });

  test('needs a region', async () => {
    const reading = await ask(metricsOf(keys), { cloudWatch: { metricDataQueries: [{ id: 'a' }] } });
    expect(messageOf(reading)).toBe('cloudWatch: no AWS region: name it, or set AWS_REGION for the worker');
  });

  describe('with credentials from elsewhere', () => {
    const before = { ...process.env };
    afterEach(() => {
      process.env = { ...before };
    });
    const role = (expires: Date, number: number) =>
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>AKIDEXAMPLE</AccessKeyId><SecretAccessKey>${keys.AWS_SECRET_ACCESS_KEY}</SecretAccessKey>
      <SessionToken>role-${number}</SessionToken><Expiration>${expires.toISOString()}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`;

    test('assumes a role, and again before its credentials expire', async () => {
      let time = Date.now();
      process.env.AWS_ENDPOINT_URL_STS = server.url;
      let assumed = 0;
      server.behave((sent, response) => {
        if (!sent.body.includes('AssumeRole')) return response.end('4');
        return response
          .writeHead(200, { 'content-type': 'text/xml' })
          .end(role(new Date(time + 3_600_000), ++assumed));
      });
      const metrics = createMetrics({ environment: keys, clock: () => time });
      const sigv4 = { region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/reader' };
      const web = { url: `${server.url}/x`, authentication: { sigv4 } };
      const sessions = async () => {
        expect(await ask(metrics, { web })).toEqual({ kind: 'value', value: 4 });
        return server.sent.at(-1)?.headers['x-amz-security-token'];
      };
      expect(await sessions()).toBe('role-1');
      expect(await sessions()).toBe('role-1');
      expect(new URLSearchParams(server.sent[0]?.body).get('RoleArn')).toBe(sigv4.roleArn);
      time += 3_600_000;
      expect(await sessions()).toBe('role-2');
    });

    test('says that there are none', async () => {
      const none = {
        AWS_EC2_METADATA_DISABLED: 'true',
        HOME: '/nonexistent',
        AWS_CONFIG_FILE: '/nonexistent',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      };
      process.env = { PATH: before.PATH, ...none };
      const web = { url: server.url, authentication: { sigv4: { region: 'eu-west-1' } } };
      expect(await ask(metricsOf({}), { web })).toEqual({
        kind: 'error',
        isUnreachable: false,
        message: 'web: no AWS credentials (CredentialsProviderError)',
      });
    });

    test('does not wait again for what never came', async () => {
      process.env.AWS_ENDPOINT_URL_STS = server.url;
      server.behave(hang);
      const sigv4 = { region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/r' };
      const web = { url: server.url, authentication: { sigv4 } };
      const metrics = createMetrics({ environment: keys, maxTimeoutMs: 1_000 });
      expect(messageOf(await ask(metrics, { web }))).toBe('web: no answer within 1 s');
      server.behave((sent, response) => {
        response.end(sent.body.includes('AssumeRole') ? role(new Date(Date.now() + 3_600_000), 1) : '5');
      });
      expect(await ask(metrics, { web })).toEqual({ kind: 'value', value: 5 });
    });

    test('tells a refused role from a service that is away', async () => {
      process.env.AWS_ENDPOINT_URL_STS = server.url;
      process.env.AWS_MAX_ATTEMPTS = '1';
      const sigv4 = { region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/r' };
      const web = { url: server.url, authentication: { sigv4 } };
      const refusal = (code: string) =>
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>sentinel</Message></Error></ErrorResponse>`;
      server.behave(answer(403, refusal('AccessDenied')));
      expect(await ask(metricsOf(keys), { web })).toMatchObject({
        isUnreachable: false,
        message: expect.stringMatching(/^web: no AWS credentials \(\w+\)$/),
      });
      server.behave(answer(503, refusal('ServiceUnavailable')));
      expect(await ask(metricsOf(keys), { web })).toMatchObject({
        isUnreachable: true,
        message: expect.stringMatching(/^web: no AWS credentials \(\w+\)$/),
      });
    });

    test('stops waiting for them when asked to', async () => {
      process.env.AWS_ENDPOINT_URL_STS = server.url;
      server.behave(hang);
      const web = {
        url: server.url,
        authentication: { sigv4: { region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/r' } },
      };
      const stop = new AbortController();
      const reading = ask(metricsOf(keys), { web }, stop.signal);
      while (server.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      expect(messageOf(await reading)).toBe('web: stopped before there was an answer');
    });
  });
});
