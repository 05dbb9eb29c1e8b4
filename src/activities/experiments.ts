import { asDeployment } from '../domain/apps';
import {
  podsByTemplate,
  experimentId,
  viewExperiments,
  type ExperimentPods,
} from '../domain/experiment-view';
import { refOf } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { planContext, type RolloutStepInput } from '../domain/plans/context';
import type { Plan } from '../domain/plans/plan';
import {
  planExperiment,
  planExperimentEnd,
  planRunning,
  type ExperimentGoal,
  type ExperimentLook,
} from '../domain/plans/plan-experiment';
import { judgePods, type FirstSeen } from '../domain/pod-failure';
import type { FailureReport } from '../domain/rollout-status';
import type { NamespaceView } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import type { Planner } from './drive';
import { driveStep, generatedIn, resultOf, type RolloutTools, type StepResult } from './rollout-steps';

export interface ExperimentInput extends RolloutStepInput, ExperimentGoal {
  /** Epoch milliseconds after which waiting for its pods is a failure. */
  readonly deadlineAt?: number;
}

export type ExperimentStarted =
  | { readonly kind: 'done'; readonly pods: Readonly<Record<string, ExperimentPods>> }
  | Exclude<StepResult, { kind: 'done' }>;

/** Versions that run beside each other for a while, to be compared: the `experiment` step. */
export function createExperiments(tools: RolloutTools) {
  return {
    /** Every template has its pods, and all are available; or the verdict on pods that fail. */
    startExperiment: beating(async (input: ExperimentInput, beat): Promise<ExperimentStarted> => {
      try {
        const result = await driveExperiment(tools, input, { beat, plan: planExperiment });
        if (result.kind !== 'done') return result;
      } catch (error: unknown) {
        if (isPortError(error, 'Fenced')) await dropEmpty(tools, input);
        throw error;
      }
      const { rolloutId, namespace } = input.spec;
      return withView(tools, namespace, (live) => {
        const own = viewExperiments((kind) => live.objects(kind));
        const pods = podsByTemplate(own, input.experiment.templates, { rolloutId, step: input.step });
        return Promise.resolve({ kind: 'done' as const, pods });
      });
    }),

    /** Answers when its pods fail or somebody takes them away, else runs until it is cancelled. */
    watchExperiment: beating(async (input: ExperimentInput, beat): Promise<StepResult> =>
      driveExperiment(tools, input, { beat, plan: planRunning, isReadOnly: true }),
    ),

    /** Nothing of the experiment is left; without a step, of no experiment of the rollout. */
    endExperiment: beating(
      async (input: RolloutStepInput & { readonly step?: number }, beat): Promise<StepResult> =>
        withView(tools, input.spec.namespace, async (live) => {
          const context = planContext(input);
          const plan = (): Plan => {
            const own = viewExperiments((kind) => live.objects(kind));
            return planExperimentEnd(own, context, input.step);
          };
          // Only objects of this very rollout are deleted, so there is nothing that a newer step could lose.
          return resultOf(await driveStep({ tools, input, beat, isReadOnly: true, plan }));
        }),
    ),
  };
}

interface ExperimentDrive {
  readonly beat: Beat;
  readonly plan: (
    look: ExperimentLook,
    context: ReturnType<typeof planContext>,
    goal: ExperimentGoal,
  ) => Plan;
  readonly isReadOnly?: boolean;
}

async function driveExperiment(
  tools: RolloutTools,
  input: ExperimentInput,
  { beat, plan, isReadOnly = false }: ExperimentDrive,
): Promise<StepResult> {
  const generated = await generatedIn(tools, input.spec);
  return withView(tools, input.spec.namespace, async (live) => {
    const context = planContext(input);
    let failure: FailureReport | undefined;
    let firstSeen: FirstSeen = {};
    const judged: Planner = (view, now) => {
      const own = viewExperiments((kind) => live.objects(kind));
      const next = plan({ view, own }, context, input);
      if (next.kind !== 'wait') return next;
      const ids = input.experiment.templates.map(({ name }) =>
        experimentId(input.spec.rolloutId, input.step, name),
      );
      const isOurs = ({ metadata }: (typeof own.pods)[number]): boolean =>
        ids.includes(metadata.labels?.[marks.experiment] ?? '');
      const verdict = judgePods({
        pods: own.pods.filter(isOurs),
        replicaSets: own.replicaSets.filter(isOurs),
        events: view.events,
        now,
        firstSeen,
        generated,
      });
      ({ firstSeen } = verdict);
      if (verdict.kind === 'failed') {
        const { code, sentence, pod, container } = verdict;
        failure = {
          code,
          sentence: `experiment of step ${input.step}: ${sentence}`,
          at: now,
          ...(pod === undefined ? {} : { pod }),
          ...(container === undefined ? {} : { container }),
        };
        return { kind: 'failed', code, sentence: failure.sentence };
      }
      const why = verdict.kind === 'waiting' ? `${next.for}: ${verdict.message}` : next.for;
      if (input.deadlineAt === undefined || now <= input.deadlineAt) return { ...next, for: why };
      const sentence = `experiment of step ${input.step}: after ${Math.round(input.spec.progressDeadlineMs / 1000)} s still waiting for ${why}`;
      return { kind: 'failed', code: 'ProgressDeadlineExceeded', sentence };
    };
    return resultOf(await driveStep({ tools, input, beat, isReadOnly, plan: judged }), failure);
  });
}

/** What a worker that woke up late has made: it has no pods, and nobody else would take it away. */
async function dropEmpty({ ports }: RolloutTools, { spec, fence }: ExperimentInput): Promise<void> {
  const labelSelector = `${marks.experimentOf}=${spec.name},${marks.rollout}=${spec.rolloutId}`;
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const found = await ports.cluster.list(kind, { namespace: spec.namespace, labelSelector });
  for (const each of found) {
    const isMine = each.metadata.annotations?.[marks.fence] === String(fence);
    if (isMine && asDeployment(each).spec.replicas === 0)
      await ports.cluster.remove(refOf(each), { propagation: 'Background', uid: each.metadata.uid ?? '' });
  }
}

async function withView<T>(
  { ports }: RolloutTools,
  namespace: string,
  use: (live: NamespaceView) => Promise<T>,
): Promise<T> {
  const live = ports.cluster.view(namespace);
  try {
    return await use(live);
  } finally {
    live.close();
  }
}
