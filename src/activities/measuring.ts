import { fillSecrets } from '../domain/analysis/fill-secrets';
import type { ResolvedAnalysis } from '../domain/analysis/resolve';
import { takeReading } from '../domain/analysis/run';
import type { AnalysisRun, MetricSpec } from '../domain/analysis/spec';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Reading } from '../ports/metrics';
import type { Beat } from './beating';
import type { RolloutTools } from './rollout-steps';

/** What a batch of measurements needs. */
export interface Measuring extends ResolvedAnalysis {
  readonly tools: RolloutTools;
  readonly spec: RolloutSpec;
  /** Name of the analysis. */
  readonly name: string;
  readonly beat: Beat;
}

/** Measures all metrics that are due, at the same time, and takes the readings into the run. */
export async function measureDue(
  measuring: Measuring,
  run: AnalysisRun,
  due: readonly string[],
): Promise<AnalysisRun> {
  const { metrics, beat } = measuring;
  beat.note(`measuring ${due.join(', ')}`);
  const taken = await Promise.all(
    metrics
      .filter((metric) => due.includes(metric.name))
      .map(async (metric) => {
        const startedAt = Date.now();
        const reading = await read(measuring, metric, startedAt);
        return { name: metric.name, reading, startedAt, finishedAt: Date.now() };
      }),
  );
  beat.signal.throwIfAborted();
  return taken.reduce((before, each) => takeReading(metrics, before, each), run);
}

async function read(measuring: Measuring, metric: MetricSpec, now: number): Promise<Reading> {
  const { tools, beat } = measuring;
  const values: Record<string, string> = {};
  for (const { arg, name, key } of measuring.secrets) {
    const value = await secretValue(measuring, name, key);
    if (value === undefined) {
      const message = `argument ${arg} cannot be read: Secret ${measuring.spec.namespace}/${name} has no key ${key}`;
      return { kind: 'error', message, isUnreachable: false };
    }
    values[arg] = value;
  }
  const provider = fillSecrets(metric.provider, values);
  const secret = (name: string, key: string): Promise<string | undefined> =>
    secretValue(measuring, name, key);
  return tools.ports.metrics.measure({ provider, now, signal: beat.signal, secret });
}

/** Read where it is used, and nowhere kept. */
async function secretValue(
  { tools, spec, beat }: Measuring,
  name: string,
  key: string,
): Promise<string | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: spec.namespace, name };
  const secret = await tools.ports.cluster.get(ref, beat.signal);
  const data = secret?.['data'] as Readonly<Record<string, string>> | undefined;
  const encoded = data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
