import { edit, type BadRow } from '../read-yaml';
import { readTemplates, templateText } from './templates';

test('reads a template as it is written', () => {
  expect(readTemplates(templateText)).toEqual({
    told: [],
    templates: [
      {
        kind: 'AnalysisTemplate',
        name: 'success-rate',
        onFailure: 'pause',
        holdMs: 300_000,
        args: [
          { name: 'service', source: { kind: 'missing' } },
          { name: 'threshold', source: { kind: 'value', value: '0.95' } },
          { name: 'token', source: { kind: 'secret', name: 'prometheus', key: 'token' } },
        ],
        metrics: [
          {
            name: 'success-rate',
            interval: '1m',
            initialDelay: '30s',
            count: '{{args.count}}',
            failureLimit: '3',
            inconclusiveLimit: '1',
            consecutiveErrorLimit: '5',
            successCondition: 'result[0] >= {{ args.threshold }}',
            provider: {
              prometheus: {
                address: 'http://prometheus',
                query: 'rate(requests{service="{{args.service}}"}[1m])',
                headers: [{ key: 'Authorization', value: 'Bearer {{ args.token }}' }],
              },
            },
          },
        ],
        dryRun: ['success.*'],
        measurementRetention: [{ metricName: 'success.*', limit: 20 }],
        templates: [
          { templateName: 'latency', clusterScope: false },
          { templateName: 'shared', clusterScope: true },
        ],
      },
    ],
  });
});

describe('good templates', () => {
  const read = (from: string, to: string) => {
    const { templates, told } = readTemplates(edit(templateText, from, to));
    expect(told).toEqual([]);
    return templates[0];
  };

  test.each<[string, string, string, object]>([
    [
      'one of the cluster',
      'kind: AnalysisTemplate',
      'kind: ClusterAnalysisTemplate',
      { kind: 'ClusterAnalysisTemplate' },
    ],
    [
      'no wishes of its own',
      'annotations: { belay.dev/on-failure: pause, belay.dev/telemetry-hold: 5m }',
      '',
      { onFailure: 'revert', holdMs: 900_000 },
    ],
    ['no hold at all', 'belay.dev/telemetry-hold: 5m', 'belay.dev/telemetry-hold: "0"', { holdMs: 0 }],
    ['one that only tells', 'on-failure: pause', 'on-failure: notify', { onFailure: 'notify' }],
    ['annotations of others', 'belay.dev/on-failure: pause', 'team: shop', { onFailure: 'revert' }],
    ['an interval in seconds', 'interval: 1m', 'interval: 60', { metrics: [{ interval: '60' }] }],
    ['a limit in quotes', 'failureLimit: 3', 'failureLimit: "3"', { metrics: [{ failureLimit: '3' }] }],
    [
      'a limit of none',
      'failureLimit: 3',
      'failureLimit: -1\n      consecutiveSuccessLimit: 2',
      { metrics: [{ failureLimit: '-1', consecutiveSuccessLimit: '2' }] },
    ],
    [
      'an argument from a field',
      'valueFrom: { secretKeyRef: { name: prometheus, key: token } }',
      'valueFrom: { fieldRef: { fieldPath: metadata.name } }',
      { args: [{}, {}, { source: { kind: 'field', fieldPath: 'metadata.name' } }] },
    ],
    [
      'an empty value',
      'value: "0.95"',
      'value: ""',
      { args: [{}, { source: { kind: 'value', value: '' } }, {}] },
    ],
  ])('has %s', (_name, from, to, expected) => {
    expect(read(from, to)).toMatchObject(expected);
  });

  test.each([
    [
      'web',
      '{ url: "http://x/{{args.service}}", method: POST, jsonBody: { any: [1] }, jsonPath: "{$.ok}", timeoutSeconds: 5 }',
    ],
    ['job', '{ metadata: { labels: { a: b } }, spec: { template: { spec: { containers: [] } } } }'],
    [
      'datadog',
      '{ apiVersion: v2, queries: { a: "x", b: "y" }, formula: a / b, secretRef: { name: dd, namespaced: true } }',
    ],
    ['graphite', '{ address: "http://g", query: x }'],
    ['influxdb', '{ profile: p, query: x }'],
    [
      'cloudWatch',
      '{ interval: 5m, metricDataQueries: [{ id: a, expression: b / c, period: 300, metricStat: { metric: { metricName: x, dimensions: [{ name: a, value: b }] }, stat: Sum } }] }',
    ],
    [
      'prometheus',
      '{ query: x, timeout: 40, rangeQuery: { start: now(), end: now(), step: 1m }, authentication: { oauth2: { tokenUrl: x, scopes: [a] } } }',
    ],
  ])('knows the provider %s', (kind, fields) => {
    const text = `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: a }\nspec: { metrics: [{ name: m, provider: { ${kind}: ${fields} } }] }\n`;
    const { templates, told } = readTemplates(text);
    expect(told).toEqual([]);
    expect(Object.keys(templates[0]?.metrics[0]?.provider ?? {})).toEqual([kind]);
  });
});

const at = (line: number) => `web.yaml:${line}: AnalysisTemplate success-rate:`;
const provider = `prometheus:
          address: http://prometheus
          query: rate(requests{service="{{args.service}}"}[1m])
          headers: [{ key: Authorization, value: "Bearer {{ args.token }}" }]`;
const unsupported = (kind: string) =>
  `Unsupported ${at(22)} spec.metrics[0].provider.${kind}: the provider ${kind} is not supported yet;`;

const rows: readonly BadRow[] = [
  [
    'another version',
    'v1alpha1',
    'v1',
    `InvalidSpec ${at(1)} apiVersion: version argoproj.io/v1 is unknown; write argoproj.io/v1alpha1`,
  ],
  [
    'an unknown annotation',
    'belay.dev/on-failure',
    'belay.dev/on-failur',
    `UnknownField ${at(5)} metadata.annotations["belay.dev/on-failur"]: unknown annotation; did you mean "belay.dev/on-failure"?`,
  ],
  [
    'an unknown wish',
    'on-failure: pause',
    'on-failure: stop',
    `InvalidSpec ${at(5)} metadata.annotations["belay.dev/on-failure"]: "stop" is none of revert, pause, notify; use one of: revert, pause, notify`,
  ],
  [
    'a hold that is no duration',
    'telemetry-hold: 5m',
    'telemetry-hold: soon',
    `InvalidSpec ${at(5)} metadata.annotations["belay.dev/telemetry-hold"]: soon is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m`,
  ],
  [
    'an unknown field of the spec',
    'dryRun:',
    'dryrun:',
    `UnknownField ${at(26)} spec.dryrun: unknown field; did you mean "dryRun"?`,
  ],
  [
    'an unknown field of a metric',
    'failureLimit:',
    'failurelimit:',
    `UnknownField ${at(17)} spec.metrics[0].failurelimit: unknown field; did you mean "failureLimit"?`,
  ],
  [
    'an unknown field of a provider',
    'query:',
    'querry:',
    `UnknownField ${at(24)} spec.metrics[0].provider.prometheus.querry: unknown field; did you mean "query"?`,
    `InvalidSpec ${at(22)} spec.metrics[0].provider.prometheus.query: is missing; write a PromQL query`,
  ],
  [
    'an unknown field of a header',
    '{ key: Auth',
    '{ name: x, key: Auth',
    `UnknownField ${at(25)} spec.metrics[0].provider.prometheus.headers[0].name: unknown field; remove it`,
  ],
  [
    'a metric without a name',
    '- name: success-rate\n      interval',
    '- interval',
    `InvalidSpec ${at(13)} spec.metrics[0].name: is missing; name the metric`,
  ],
  [
    'a limit with a fraction',
    'failureLimit: 3',
    'failureLimit: 1.5',
    `InvalidSpec ${at(17)} spec.metrics[0].failureLimit: must be a whole number, not the number 1.5; write a whole number`,
  ],
  [
    'a limit that is a word',
    'failureLimit: 3',
    'failureLimit: three',
    `InvalidSpec ${at(17)} spec.metrics[0].failureLimit: failureLimit is "three"; write a whole number of -1 or more (-1: none)`,
  ],
  [
    'a limit below its least',
    'inconclusiveLimit: 1',
    'inconclusiveLimit: -1',
    `InvalidSpec ${at(18)} spec.metrics[0].inconclusiveLimit: inconclusiveLimit is "-1"; write a whole number of 0 or more`,
  ],
  [
    'an interval that is none',
    'interval: 1m',
    'interval: 1 minute',
    `InvalidSpec ${at(14)} spec.metrics[0].interval: interval: "1 minute" is not a duration; write a duration such as 30s or 1m`,
  ],
  [
    'a tag that is no argument',
    '{{args.count}}',
    '{{ .Values.count }}',
    `InvalidSpec ${at(16)} spec.metrics[0].count: {{.Values.count}} stands for nothing; only {{args.<name>}} is filled in here`,
  ],
  [
    'a tag that is not closed',
    '{{args.service}}',
    '{{args.service',
    `InvalidSpec ${at(21)} spec.metrics[0].provider: a {{ has no }}; close the tag, as in {{args.name}}`,
  ],
  [
    'numbers that contradict',
    'count: "{{args.count}}"',
    'count: 2',
    `InvalidSpec ${at(16)} spec.metrics[0].count: count 2 is below failureLimit and consecutiveSuccessLimit together (3); use a count of 3 or more`,
  ],
  [
    'a count without an interval',
    'interval: 1m\n      initialDelay: 30s\n      count: "{{args.count}}"',
    'count: 5',
    `InvalidSpec ${at(14)} spec.metrics[0].count: count 5 needs an interval; write one, such as interval: 1m`,
  ],
  [
    'no provider',
    provider,
    '{}',
    `InvalidSpec ${at(21)} spec.metrics[0].provider: names no provider; write one of: prometheus, web, job, datadog, graphite, influxdb, cloudWatch, sequential, judge`,
  ],
  [
    'a misspelt provider',
    provider,
    'promotheus: { query: x }',
    `UnknownField ${at(22)} spec.metrics[0].provider.promotheus: unknown field; did you mean "prometheus"?`,
  ],
  [
    'two providers',
    provider,
    'web: { url: x }\n        graphite: { query: x }',
    `InvalidSpec ${at(21)} spec.metrics[0].provider: names 2 providers: web and graphite; make each of them a metric of its own`,
  ],
  [
    'Kayenta',
    provider,
    'kayenta: { address: x }',
    `${unsupported('kayenta')} write a judge metric (provider.judge), which judges series as Kayenta does, with \`kayenta: true\` exactly so`,
  ],
  [
    'New Relic',
    provider,
    'newRelic: { query: x }',
    `${unsupported('newRelic')} ask the NerdGraph API by a web metric`,
  ],
  [
    'Wavefront',
    provider,
    'wavefront: { query: x }',
    `${unsupported('wavefront')} ask its query API by a web metric`,
  ],
  [
    'SkyWalking',
    provider,
    'skywalking: { query: x }',
    `${unsupported('skywalking')} ask its GraphQL API by a web metric`,
  ],
  [
    'a plugin',
    provider,
    'plugin: { a/b: { x: 1 } }',
    `${unsupported('plugin')} do what it does in a job metric`,
  ],
  [
    'an argument twice',
    '- name: service',
    '- name: threshold',
    `InvalidSpec ${at(9)} spec.args[1].name: argument threshold is there twice; remove one of the two`,
  ],
  [
    'an argument of two kinds',
    'valueFrom: {',
    'value: x\n      valueFrom: {',
    `InvalidSpec ${at(12)} spec.args[2].valueFrom: value and valueFrom are both given; keep one of them`,
  ],
  [
    'a Secret without a key',
    ', key: token',
    '',
    `InvalidSpec ${at(11)} spec.args[2].valueFrom.secretKeyRef.key: is missing; name a key of the Secret`,
  ],
  [
    'a value that is a number',
    'value: "0.95"',
    'value: 0.95',
    `InvalidSpec ${at(9)} spec.args[1].value: must be a text, not the number 0.95; write it in quotes: "0.95"`,
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  const { templates, told } = readTemplates(edit(templateText, from, to));
  expect(told).toEqual(expected);
  expect(templates).toEqual([]);
});

test('refuses a metric that could never fail, two metrics of one name, and a template of nothing', () => {
  const head = 'apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: a }\n';
  const metric = (own: string) => `{ name: m, ${own}provider: { web: { url: x } } }`;
  const told = (spec: string) => readTemplates(`${head}${spec}\n`).told;
  expect(told(`spec: { metrics: [${metric('failureLimit: -1, ')}] }`)).toEqual([
    'InvalidSpec web.yaml:4: AnalysisTemplate a: spec.metrics[0].count: failureLimit and consecutiveSuccessLimit are both switched off: it could never fail; set a failureLimit of 0 or more, or a consecutiveSuccessLimit above 0',
  ]);
  expect(told(`spec: { metrics: [${metric('')}, ${metric('')}] }`)).toEqual([
    'InvalidSpec web.yaml:4: AnalysisTemplate a: spec.metrics: two metrics are called m; rename one of them',
  ]);
  expect(told('spec: {}')).toEqual([
    'InvalidSpec web.yaml:4: AnalysisTemplate a: spec.metrics: has no metrics and refers to no templates; write a metric',
  ]);
  expect(told('')).toEqual(['InvalidSpec web.yaml:1: AnalysisTemplate a: spec: is missing; write metrics']);
});

test('refuses a condition that does not parse, with its line', () => {
  const text = edit(
    templateText,
    'successCondition: result[0] >= {{ args.threshold }}',
    'successCondition: "result[0 >="',
  );
  const { told } = readTemplates(text);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^InvalidSpec web\.yaml:20: .*spec\.metrics\[0\]\.successCondition: successCondition "result\[0 >=": ./,
  );
});
