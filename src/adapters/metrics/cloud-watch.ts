import type { Millis } from '../../domain/strategy';
import { measuredByCloudWatch, refuseThrottled, saidByCloudWatch } from './cloud-watch-answer';
import { wrong } from './failure';
import { successful } from './http';
import { provider, type Measured, type Tools } from './provider';
import type { Spec } from './spec';
import { readUrl } from './url';

interface Plan {
  readonly url: URL;
  readonly region: string;
  readonly body: string;
}

const timeoutMs = 30_000;
const defaultInterval: Millis = 5 * 60_000;

/** Argo's `cloudWatch`: GetMetricData over the last `interval`, as the worker's AWS identity, in the region of AWS_REGION. */
export const cloudWatch = provider(read, ask);

function read(spec: Spec, tools: Tools): Plan {
  const region = tools.aws.region(undefined);
  const interval = spec.duration('interval', defaultInterval);
  const queries = spec.maps('metricDataQueries').map(readQuery);
  if (queries.length === 0) throw wrong(`field ${spec.path}.metricDataQueries is missing`);
  const now = tools.question.now / 1_000;
  const body = { StartTime: now - interval / 1_000, EndTime: now, MetricDataQueries: queries };
  return { url: endpointOf(region, tools), region, body: JSON.stringify(body) };
}

/** The service speaks AWS JSON 1.0 beside its older query protocol. */
async function ask({ url, region, body }: Plan, tools: Tools): Promise<Measured> {
  const connection = tools.connect({ timeoutMs, isInsecure: false });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
  };
  const signing = { identity: { region }, connection, secrets: tools.secrets };
  const request = await tools.aws.sign({ method: 'POST', url, headers, body }, 'monitoring', signing);
  const answer = await connection.send(request);
  refuseThrottled(answer);
  return measuredByCloudWatch(successful(answer, saidByCloudWatch).text);
}

function endpointOf(region: string, { environment, secrets }: Tools): URL {
  for (const name of ['AWS_ENDPOINT_URL_CLOUDWATCH', 'AWS_ENDPOINT_URL']) {
    const value = environment[name];
    if (value !== undefined && value !== '') return readUrl(value, `the worker's ${name}`, secrets);
  }
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(`https://monitoring.${region}.${domain}/`);
}

function readQuery(spec: Spec): unknown {
  const stat = spec.map('metricStat');
  const returnData = spec.raw('returnData') === undefined ? undefined : spec.flag('returnData');
  // JSON leaves out what is undefined.
  return {
    Id: spec.required('id'),
    Expression: spec.text('expression'),
    Label: spec.text('label'),
    MetricStat: stat && readStat(stat),
    Period: spec.whole('period'),
    ReturnData: returnData,
  };
}

function readStat(spec: Spec): unknown {
  const metric = spec.map('metric');
  if (metric === undefined) throw wrong(`field ${spec.path}.metric is missing`);
  const period = spec.whole('period');
  if (period === undefined) throw wrong(`field ${spec.path}.period is missing`);
  const dimensions = metric.maps('dimensions');
  return {
    Metric: {
      Namespace: metric.text('namespace'),
      MetricName: metric.text('metricName'),
      Dimensions:
        dimensions.length === 0
          ? undefined
          : dimensions.map((each) => ({ Name: each.required('name'), Value: each.required('value') })),
    },
    Period: period,
    Stat: spec.required('stat'),
    Unit: spec.text('unit'),
  };
}
