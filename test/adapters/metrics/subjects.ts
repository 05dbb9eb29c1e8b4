import type { Question } from '../../../src/ports/metrics';

/** A provider as the contract meets it: where it asks, and how its system answers what. */
export interface Subject {
  readonly name: string;
  /** The provider's map, asking the system at `base`; secrets stand wherever they can. */
  readonly provider: (base: string) => Record<string, unknown>;
  /** Secrets beside the application, by name and key. */
  readonly secrets?: (base: string) => Record<string, Record<string, string>>;
  readonly environment?: (base: string) => Record<string, string>;
  /** Body of an answer, and the value that it means; null where the system cannot say such a thing. */
  readonly value: readonly [body: string, value: unknown];
  readonly none: readonly [body: string, value: unknown];
  readonly nan: readonly [body: string, value: unknown];
  /** A value of the wrong kind: a value that is a text, or the reason why there is none. */
  readonly text: readonly [body: string, value: unknown] | readonly [body: string, reason: RegExp];
  /** What garbage means: a reason, or a value. */
  readonly garbage: RegExp | { readonly value: string };
  /** A refusal in the system's words, and whether those are told. */
  readonly refusal: (words: string) => string;
  readonly isRefusalTold: boolean;
  /** Path that is asked last. */
  readonly path: string;
}

const s = (name: string) => `Sentinel-${name} /+=é`;
/** A header cannot hold every character. */
const h = (name: string) => `sentinel-${name}/+=`;
const user = (base: string) =>
  base.replace('://', `://${encodeURIComponent(s('user'))}:${encodeURIComponent(s('pass'))}@`);

const prom = (type: string, result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: type, result } });
const promRefusal = (error: string) => JSON.stringify({ status: 'error', errorType: 'bad_data', error });
const promAnswers = {
  value: [
    prom('vector', [
      { metric: {}, value: [1, '0.5'] },
      { metric: {}, value: [1, '7'] },
    ]),
    [0.5, 7],
  ],
  none: [prom('vector', []), []],
  nan: [prom('vector', [{ metric: {}, value: [1, 'NaN'] }]), [Number.NaN]],
  text: [prom('string', [1, 'x']), /^the result is a string; a metric needs numbers/],
  garbage: /^the answer is no JSON/,
  refusal: promRefusal,
  isRefusalTold: true,
} as const;

const webAnswers = {
  value: ['{"data":{"rate":0.5}}', 0.5],
  none: ['{"data":{"rate":null}}', null],
  nan: ['{"data":{"rate":"NaN"}}', 'NaN'],
  text: ['{"data":{"rate":"up"}}', 'up'],
  garbage: { value: '<html>' },
  refusal: (error: string) => JSON.stringify({ error }),
  isRefusalTold: false,
} as const;

const dd = (columns: unknown[]) =>
  JSON.stringify({ data: { type: 'scalar_response', attributes: { columns } } });
const datadogSecrets = (base: string) => ({
  datadog: { address: user(base), 'api-key': h('api'), 'app-key': h('app') },
});
const datadogRefusal = (words: string) => JSON.stringify({ errors: [words] });

const csvHead =
  '#datatype,string,long,double\r\n#group,false,false,false\r\n#default,_result,,\r\n,result,table,_value\r\n';
const awsKeys = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: s('key'),
  AWS_SECRET_ACCESS_KEY: s('aws'),
  AWS_SESSION_TOKEN: h('session'),
};
const cw = (values: unknown[]) =>
  JSON.stringify({
    MetricDataResults: [{ Id: 'a', Label: 'l', StatusCode: 'Complete', Timestamps: [60], Values: values }],
  });
const cwValue = (Values: unknown[]) => [
  {
    Id: 'a',
    Label: 'l',
    StatusCode: 'Complete',
    Timestamps: ['1970-01-01T00:01:00.000Z'],
    Values,
    Messages: [],
  },
];

export const subjects: readonly Subject[] = [
  {
    name: 'prometheus',
    provider: (base) => ({
      prometheus: {
        address: `${base}/prom/?tenant=${encodeURIComponent(s('tenant'))}`,
        query: 'up',
        headers: [{ key: 'X-Scope-OrgID', value: h('scope') }],
        authentication: { basicAuth: { username: s('user'), password: s('pass') } },
      },
    }),
    path: '/prom/api/v1/query',
    ...promAnswers,
  },
  {
    name: 'prometheus over a time, with a user in its address',
    provider: (base) => ({
      prometheus: {
        address: user(base),
        query: 'up',
        rangeQuery: { start: 'now() - duration("5m")', end: 'now()', step: '1m' },
        headers: [{ key: 'X-Token', value: `Key ${h('header')}` }],
      },
    }),
    path: '/api/v1/query_range',
    ...promAnswers,
    value: [
      prom('matrix', [
        {
          values: [
            [1, '1'],
            [2, '2'],
          ],
        },
        { values: [[1, '3']] },
      ]),
      [1, 2, 3],
    ],
    none: [prom('matrix', []), []],
    nan: [
      prom('matrix', [
        {
          values: [
            [1, 'NaN'],
            [2, '+Inf'],
          ],
        },
      ]),
      [Number.NaN, Number.POSITIVE_INFINITY],
    ],
  },
  {
    name: 'prometheus with oauth2',
    provider: (base) => ({
      prometheus: {
        address: base,
        query: 'up',
        authentication: {
          oauth2: {
            tokenUrl: `${user(base)}/token`,
            clientId: s('client'),
            clientSecret: s('client-secret'),
            scopes: ['a', 'b'],
          },
        },
      },
    }),
    path: '/api/v1/query',
    ...promAnswers,
    value: [prom('scalar', [1, '3']), 3],
    nan: [prom('scalar', [1, 'NaN']), Number.NaN],
  },
  {
    name: 'web',
    provider: (base) => ({
      web: {
        url: `${user(base)}/measure?token=${encodeURIComponent(s('query'))}`,
        headers: [{ key: 'Authorization', value: `Bearer ${h('bearer')}` }],
        jsonPath: '{$.data.rate}',
      },
    }),
    path: '/measure',
    ...webAnswers,
  },
  {
    name: 'web with sigv4',
    provider: (base) => ({
      web: {
        url: `${base}/measure?token=${encodeURIComponent(s('query'))}`,
        method: 'POST',
        jsonBody: { password: s('body') },
        jsonPath: '{.data.rate}',
        authentication: { sigv4: { region: 'eu-west-1' } },
      },
    }),
    environment: () => awsKeys,
    path: '/measure',
    ...webAnswers,
  },
  {
    name: 'datadog v1',
    provider: () => ({ datadog: { query: 'avg:errors{*}' } }),
    secrets: datadogSecrets,
    path: '/api/v1/query',
    value: ['{"status":"ok","series":[{"pointlist":[[1,0.1],[2,0.5]]}]}', 0.5],
    none: ['{"status":"ok","series":[]}', null],
    nan: ['{"status":"ok","series":[{"pointlist":[[1,0.1],[2,null]]}]}', null],
    text: [
      '{"status":"ok","series":[{"pointlist":[[1,"x"]]}]}',
      /^the answer is none of Datadog: a value is no number/,
    ],
    garbage: /^the answer is no JSON/,
    refusal: datadogRefusal,
    isRefusalTold: true,
  },
  {
    name: 'datadog v2',
    provider: () => ({
      datadog: { apiVersion: 'v2', queries: { a: 'avg:a{*}', b: 'avg:b{*}' }, formula: 'a / b' },
    }),
    environment: (base) => ({ DD_API_KEY: h('api'), DD_APP_KEY: h('app'), DD_ADDRESS: user(base) }),
    path: '/api/v2/query/scalar',
    value: [dd([{ name: 'f', type: 'number', values: [0.5] }]), 0.5],
    none: [dd([]), null],
    nan: [dd([{ name: 'f', type: 'number', values: [null] }]), null],
    text: [
      dd([{ name: 'f', type: 'number', values: ['x'] }]),
      /^the answer is none of Datadog: a value is no number/,
    ],
    garbage: /^the answer is no JSON/,
    refusal: datadogRefusal,
    isRefusalTold: true,
  },
  {
    name: 'graphite',
    provider: (base) => ({
      graphite: { address: user(base), query: 'target=summarize(\n  a.b,\n  "5min")&from=-5min' },
    }),
    path: '/render',
    value: ['[{"target":"a","datapoints":[[1,10],[null,20],["2.5",30]]}]', [1, 2.5]],
    none: ['[]', []],
    nan: ['[{"target":"a","datapoints":[["nan",10]]}]', [Number.NaN]],
    text: [
      '[{"target":"a","datapoints":[["x",10]]}]',
      /^the answer is none of Graphite: a value is no number/,
    ],
    garbage: /^the answer is no JSON/,
    refusal: (words) => words,
    isRefusalTold: false,
  },
  {
    name: 'influxdb',
    provider: () => ({ influxdb: { profile: 'flux', query: 'from(bucket: "b")' } }),
    secrets: (base) => ({ flux: { address: user(base), authToken: h('influx'), org: s('org') } }),
    path: '/api/v2/query',
    value: [`${csvHead},,0,0.5\r\n,,0,7\r\n\r\n`, [0.5, 7]],
    none: ['\r\n', []],
    nan: [`${csvHead},,0,NaN\r\n`, [Number.NaN]],
    text: [csvHead.replace('double', 'string') + ',,0,"a, ""b"""\r\n', ['a, "b"']],
    garbage: /^the answer is no annotated CSV of Flux/,
    refusal: (message) => JSON.stringify({ code: 'invalid', message }),
    isRefusalTold: true,
  },
  {
    name: 'cloudWatch',
    provider: () => ({
      cloudWatch: { interval: '30m', metricDataQueries: [{ id: 'a', expression: 'errors / requests' }] },
    }),
    environment: (base) => ({ ...awsKeys, AWS_ENDPOINT_URL: user(base) }),
    path: '/',
    value: [cw([0.5, 7]), cwValue([0.5, 7])],
    none: ['{"MetricDataResults":[]}', []],
    nan: [cw(['NaN']), cwValue([Number.NaN])],
    text: [cw(['x']), /^the answer is none of CloudWatch: a value is no number/],
    garbage: /^the answer is no JSON/,
    refusal: (message) => JSON.stringify({ __type: 'com.amazonaws#ValidationError', message }),
    isRefusalTold: true,
  },
];

/** Whether a text tells any of the sentinels, in clear or as base64. */
export function tellsSecret(text: string): boolean {
  const encoded = ['sentinel', 'Sentinel'].flatMap((word) =>
    [0, 1, 2].map((shift) =>
      Buffer.from(`${'x'.repeat(shift)}${word}`)
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, 8),
    ),
  );
  return /sentinel/i.test(text) || encoded.some((part) => text.includes(part));
}

export function questionOf(
  subject: Subject,
  base: string,
  changes: { signal?: AbortSignal; provider?: Record<string, unknown> } = {},
): Question {
  const secrets = subject.secrets?.(base) ?? {};
  return {
    provider: changes.provider ?? subject.provider(base),
    now: Date.UTC(2026, 0, 1),
    signal: changes.signal ?? new AbortController().signal,
    secret: async (name, key) => secrets[name]?.[key],
  };
}
