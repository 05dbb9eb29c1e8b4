import { parseManifests } from '../../src/adapters/manifests/parse-yaml';
import { readAnalysisTemplate } from '../../src/domain/analysis/read-template';
import { resolveAnalysis } from '../../src/domain/analysis/resolve';
import { dueMetrics, startAnalysis, takeReading } from '../../src/domain/analysis/run';
import type { MetricSpec } from '../../src/domain/analysis/spec';
import { readIntOrPercent, resolveFenceposts } from '../../src/domain/int-or-percent';
import type { Located } from '../../src/domain/located';
import { describeProblem, type Problem, type Read } from '../../src/domain/problem';
import { valueAt } from '../../src/domain/read-json';
import { readWorkloads } from '../../src/domain/read-rollout';
import { readTable, row, type Row, type Table } from './table';

/** Fields of a Rollout's spec over a bare canary, or one of the whole specs below. */
type Written = Readonly<Record<string, unknown>> | keyof typeof specs;

interface Default {
  readonly name: string;
  readonly spec: Written;
  /** Path of the value in the workload that is read. */
  readonly at?: string;
  /** Null where nothing is read. */
  readonly value?: unknown;
  /** Instead of a value: the field that is refused. */
  readonly refused?: string;
  readonly differs?: string;
}

interface Bounds {
  readonly name: string;
  readonly replicas: number;
  readonly maxSurge: string;
  readonly maxUnavailable: string;
  readonly surge: number;
  readonly unavailable: number;
}

interface Defaults {
  readonly rollout: readonly Default[];
  readonly bounds: readonly Bounds[];
  readonly metric: readonly { readonly name: string; readonly at: string; readonly value: unknown }[];
}

const steps = [{ setWeight: 20 }];
const roles = { stableService: 'stable', canaryService: 'canary', trafficRouting: { smi: {} } };
const specs = {
  routed: { strategy: { canary: { ...roles, steps } } },
  neverDown: { strategy: { canary: { ...roles, steps, abortScaleDownDelaySeconds: 0 } } },
  blueGreen: { strategy: { blueGreen: { activeService: 'stable' } } },
};

/** What is meant by what nobody has written: by the readers that a worker uses. */
export function defaultsTable(): Table {
  const { rollout, bounds, metric } = readTable<Defaults>('defaults.json');
  return {
    name: 'defaults',
    rows: [
      ...rollout.map(rolloutRow),
      ...bounds.map(boundsRow),
      ...metric.map(({ name, at, value }) =>
        row(`metric ${name}`, value, () =>
          at === 'retryMs' ? retryAfterError(bareMetric()) : valueAt(bareMetric(), at),
        ),
      ),
    ],
  };
}

function rolloutRow({ name, spec, at = '', value, refused, differs }: Default): Row {
  const expected = refused === undefined ? (value ?? undefined) : { refused: [refused] };
  const ours = () => {
    const read = readSpec(spec);
    if (!read.ok) return { refused: read.problems.map(({ field, message }) => field ?? message) };
    return valueAt(read.value.workloads[0], ...at.split('.'));
  };
  return row(name, expected, ours, differs);
}

function readSpec(written: Written): ReturnType<typeof readWorkloads> {
  const labels = { app: 'web' };
  const bare = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    strategy: { canary: { steps } },
  };
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'web' },
    spec: { ...bare, ...(typeof written === 'string' ? specs[written] : written) },
  };
  const services = ['stable', 'canary'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: labels, ports: [{ port: 80 }] },
  }));
  return readWorkloads([rollout, ...services].flatMap(locatedOf), 'shop');
}

/** An object as it is read from a file of its own. */
function locatedOf(object: {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}): readonly Located[] {
  const path = `${object.kind}-${object.metadata.name}.json`;
  return valueOf(parseManifests([{ path, content: JSON.stringify(object) }]));
}

function boundsRow({ name, replicas, surge, unavailable, ...written }: Bounds): Row {
  return row(name, { surge, unavailable }, () => {
    const maxSurge = valueOf(readIntOrPercent(written.maxSurge, 'maxSurge'));
    const maxUnavailable = valueOf(readIntOrPercent(written.maxUnavailable, 'maxUnavailable'));
    return resolveFenceposts({ replicas, maxSurge, maxUnavailable });
  });
}

/** A metric of which nothing but its query is written, as an analysis would run it. */
function bareMetric(): MetricSpec {
  const template = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'bare' },
    spec: { metrics: [{ name: 'm', provider: { web: { url: 'http://metrics.example' } } }] },
  };
  const problems: Problem[] = [];
  const templates = locatedOf(template).flatMap((each) => readAnalysisTemplate(each, problems) ?? []);
  const ref = {
    templates: [{ templateName: 'bare', clusterScope: false }],
    args: [],
    dryRun: [],
    measurementRetention: [],
  };
  const resolved = resolveAnalysis(ref, templates, {
    rollout: { metadata: {} },
    hashes: { Stable: '1', Latest: '2' },
  });
  const [metric] = valueOf(resolved).metrics;
  if (metric === undefined) throw new Error('the template lost its metric');
  return metric;
}

function retryAfterError(metric: MetricSpec): number {
  const reading = { kind: 'error', message: 'no answer', isUnreachable: false } as const;
  const taken = { name: metric.name, reading, startedAt: 0, finishedAt: 0 };
  const run = takeReading([metric], startAnalysis([metric], 0), taken);
  return dueMetrics([metric], run, 0).nextAt ?? 0;
}

function valueOf<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw new Error(read.problems.map(describeProblem).join('\n'));
}
