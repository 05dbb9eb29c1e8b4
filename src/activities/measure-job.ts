import type { AnalysisPhase, Measurement } from '../domain/analysis/spec';
import { composeJob } from '../domain/hook-job';
import type { JobEnd } from '../domain/job-state';
import { isMap } from '../domain/read-json';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import type { Beat } from './beating';
import { runJob } from './jobs';

export interface JobQuestion {
  /** As in the AnalysisTemplate, with its arguments filled in: `{job: {metadata, spec}}`. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** Of the measurement's own: `metricJobName`. */
  readonly name: string;
  readonly namespace: string;
  readonly application: string;
}

/**
 * One measurement by a Job (Argo Rollouts' `job` provider): `Complete` is Successful, `Failed` is Failed, an image that cannot be had
 * or an end before its time is Inconclusive. A Job that cannot be created, or whose pods can never run, is an Error. When the
 * analysis is cancelled, the Job is deleted.
 */
export async function measureJob(
  cluster: Cluster,
  { provider, name, namespace, application }: JobQuestion,
  beat: Beat,
): Promise<{ readonly kind: 'measured'; readonly measurement: Measurement }> {
  const startedAt = beat.now();
  const { job } = provider;
  const measured = (phase: AnalysisPhase, message?: string) => ({
    kind: 'measured' as const,
    measurement: {
      phase,
      startedAt,
      finishedAt: beat.now(),
      ...(message === undefined ? {} : { message }),
      metadata: { 'job-name': name },
    },
  });
  if (!isMap(job)) return measured('Error', 'the provider `job` has no Job: write its metadata and spec');
  try {
    const composed = composeJob(job, { name, namespace, application });
    const end = await runJob(cluster, composed, { ...beat, onAbort: 'delete' });
    return measured(phaseOf(end), 'sentence' in end ? end.sentence : undefined);
  } catch (error: unknown) {
    if (isPortError(error) && error.retry === 'never') return measured('Error', error.message);
    throw error;
  }
}

function phaseOf(end: JobEnd): AnalysisPhase {
  switch (end.kind) {
    case 'complete':
      return 'Successful';
    case 'failed':
      return 'Failed';
    case 'gone':
      return 'Inconclusive';
    case 'stuck':
      return ['ImagePull', 'InvalidImage', 'Registry'].includes(end.code) ? 'Inconclusive' : 'Error';
  }
}
