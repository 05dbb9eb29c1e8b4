import { fillSecrets, hideSecrets } from '../domain/analysis/fill-secrets';
import type { ResolvedAnalysis } from '../domain/analysis/resolve';
import type { TakenReading } from '../domain/analysis/run';
import { judgeKind } from '../domain/analysis/judge-metric';
import { sequentialKind } from '../domain/analysis/sequential-metric';
import type { MetricRun, MetricSpec, Reading } from '../domain/analysis/spec';
import type { Labels } from '../domain/apps';
import { metricJobName } from '../domain/hook-job';
import type { RolloutSpec } from '../domain/rollout-status';
import type { StepSample } from '../domain/sequential';
import type { Beat } from './beating';
import { measureJob } from './measure-job';
import { measureJudge } from './measure-judge';
import { measureSequential } from './measure-sequential';
import type { RolloutTools } from './rollout-steps';

/** What a batch of measurements needs. */
export interface Measuring extends ResolvedAnalysis {
  readonly tools: RolloutTools;
  readonly spec: RolloutSpec;
  /** Name of the analysis. */
  readonly name: string;
  readonly beat: Beat;
  /** The labels of the workload's pods. */
  readonly selector: Labels | undefined;
  /** Where the rollout stands. */
  readonly stage: StepSample | undefined;
}

/** What was measured before. */
interface Before {
  readonly known: MetricRun | undefined;
  /** When the analysis began. */
  readonly begunAt: number;
}

/** One measurement of one metric: arguments from Secrets are filled in here, and forgotten with the answer. */
export async function measureOne(
  measuring: Measuring,
  metric: MetricSpec,
  before: Before,
): Promise<TakenReading> {
  const { beat } = measuring;
  const startedAt = beat.now();
  const taken = await read(measuring, metric, { ...before, startedAt });
  return { name: metric.name, ...taken, startedAt, finishedAt: beat.now() };
}

/** Of the next measurement; a repeated attempt has the same. */
function numberOf(known: MetricRun | undefined): number {
  return (known?.count ?? 0) + (known?.error ?? 0) + 1;
}

async function read(
  measuring: Measuring,
  metric: MetricSpec,
  { startedAt, known, begunAt }: Before & { readonly startedAt: number },
): Promise<Pick<TakenReading, 'reading' | 'memory'>> {
  const { tools, spec, beat, name: analysis } = measuring;
  const values: Record<string, string> = {};
  const written = JSON.stringify(metric.provider);
  const used = measuring.secrets.filter(({ arg }) => written.includes(`args.${arg}`));
  for (const { arg, name, key } of used) {
    const value = await secretValue(measuring, name, key);
    if (value === undefined) {
      const message = `argument ${arg} cannot be read: Secret ${spec.namespace}/${name} has no key ${key}`;
      return { reading: { kind: 'error', message, isUnreachable: false } };
    }
    values[arg] = value;
  }
  const provider = fillSecrets(metric.provider, values);
  if ('job' in provider) {
    const { namespace, application, rolloutId } = spec;
    const name = metricJobName({ rolloutId, analysis, metric: metric.name, number: numberOf(known) });
    return {
      reading: await measureJob(tools.ports.cluster, { provider, name, namespace, application }, beat),
    };
  }
  const secret = (name: string, key: string): Promise<string | undefined> =>
    secretValue(measuring, name, key);
  const ask = async (asked: typeof provider, now = beat.now()): Promise<Reading> => {
    const question = { provider: asked, now, signal: beat.signal, secret };
    return hideSecrets(await tools.ports.metrics.measure(question), values);
  };
  if (sequentialKind in provider)
    return measureSequential(measuring, metric, { known, provider, ask, now: startedAt });
  if (judgeKind in provider)
    return {
      reading: await measureJudge(measuring, metric, { known, begunAt, provider, ask, now: startedAt }),
    };
  return { reading: await ask(provider) };
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
