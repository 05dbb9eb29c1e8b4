import { fillSecrets, hideSecrets } from '../domain/analysis/fill-secrets';
import type { ResolvedAnalysis } from '../domain/analysis/resolve';
import type { TakenReading } from '../domain/analysis/run';
import type { MetricRun, MetricSpec } from '../domain/analysis/spec';
import { metricJobName } from '../domain/hook-job';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Beat } from './beating';
import { measureJob } from './measure-job';
import type { RolloutTools } from './rollout-steps';

/** What a batch of measurements needs. */
export interface Measuring extends ResolvedAnalysis {
  readonly tools: RolloutTools;
  readonly spec: RolloutSpec;
  /** Name of the analysis. */
  readonly name: string;
  readonly beat: Beat;
}

/** One measurement of one metric: arguments from Secrets are filled in here, and forgotten with the answer. */
export async function measureOne(
  measuring: Measuring,
  metric: MetricSpec,
  known: MetricRun | undefined,
): Promise<TakenReading> {
  const startedAt = Date.now();
  const reading = await read(measuring, metric, { startedAt, number: numberOf(known) });
  return { name: metric.name, reading, startedAt, finishedAt: Date.now() };
}

/** Of the next measurement; a repeated attempt has the same. */
function numberOf(known: MetricRun | undefined): number {
  return (known?.count ?? 0) + (known?.error ?? 0) + 1;
}

async function read(
  measuring: Measuring,
  metric: MetricSpec,
  { startedAt, number }: { readonly startedAt: number; readonly number: number },
): Promise<TakenReading['reading']> {
  const { tools, spec, beat, name: analysis } = measuring;
  const values: Record<string, string> = {};
  const written = JSON.stringify(metric.provider);
  const used = measuring.secrets.filter(({ arg }) => written.includes(`args.${arg}`));
  for (const { arg, name, key } of used) {
    const value = await secretValue(measuring, name, key);
    if (value === undefined) {
      const message = `argument ${arg} cannot be read: Secret ${spec.namespace}/${name} has no key ${key}`;
      return { kind: 'error', message, isUnreachable: false };
    }
    values[arg] = value;
  }
  const provider = fillSecrets(metric.provider, values);
  if ('job' in provider) {
    const { namespace, application, rolloutId } = spec;
    const name = metricJobName({ rolloutId, analysis, metric: metric.name, number });
    return measureJob(tools.ports.cluster, { provider, name, namespace, application }, beat);
  }
  const secret = (name: string, key: string): Promise<string | undefined> =>
    secretValue(measuring, name, key);
  const reading = await tools.ports.metrics.measure({
    provider,
    now: startedAt,
    signal: beat.signal,
    secret,
  });
  return hideSecrets(reading, values);
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
