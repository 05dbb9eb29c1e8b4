import { asDeployment } from '../domain/apps';
import {
  podsByTemplate,
  experimentId,
  viewExperiments,
  type ExperimentPods,
} from '../domain/experiment-view';
import { fenceOn } from '../domain/fence';
import { refOf, type KubeObject } from '../domain/kube-object';
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
import type { RolloutView } from '../domain/rollout-view';
import { isPortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { createJudge } from './judge';
import { driveStep, generatedIn, resultOf, type RolloutTools, type StepResult } from './rollout-steps';
import { withView } from './with-view';

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
      return withView(tools.ports.cluster, { namespace, signal: beat.signal }, (live) => {
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
        withView(
          tools.ports.cluster,
          { namespace: input.spec.namespace, signal: beat.signal },
          async (live) => {
            const context = planContext(input);
            const plan = (): Plan => {
              const own = viewExperiments((kind) => live.objects(kind));
              return planExperimentEnd(own, context, input.step);
            };
            // Only objects of this very rollout are deleted, so there is nothing that a newer step could lose.
            return resultOf(await driveStep({ tools, input, beat, isReadOnly: true, plan }));
          },
        ),
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
  const { spec, experiment, step, deadlineAt } = input;
  const generated = await generatedIn(tools, spec);
  const { namespace } = spec;
  return withView(tools.ports.cluster, { namespace, signal: beat.signal }, async (live) => {
    const context = planContext(input);
    const look = () => viewExperiments((kind) => live.objects(kind));
    const ids = experiment.templates.map(({ name }) => experimentId(spec.rolloutId, step, name));
    const isOurs = ({ metadata }: KubeObject): boolean =>
      ids.includes(metadata.labels?.[marks.experiment] ?? '');
    const judge = createJudge<RolloutView>({
      tools,
      spec,
      generated,
      sides: ({ events }) => {
        const { pods, replicaSets } = look();
        return { judged: { pods: pods.filter(isOurs), replicaSets: replicaSets.filter(isOurs) }, events };
      },
      deadlineAt: () => deadlineAt,
      subject: `experiment of step ${step}: `,
    });
    const judged = judge.around((view) => plan({ view, own: look() }, context, input));
    return resultOf(await driveStep({ tools, input, beat, isReadOnly, plan: judged }), judge.failure());
  });
}

/** What a worker that woke up late has made: it has no pods, and nobody else would take it away. */
async function dropEmpty({ ports }: RolloutTools, { spec, fence }: ExperimentInput): Promise<void> {
  const labelSelector = `${marks.experimentOf}=${spec.name},${marks.rollout}=${spec.rolloutId}`;
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const found = await ports.cluster.list(kind, { namespace: spec.namespace, labelSelector });
  for (const each of found) {
    if (fenceOn(each) === fence && asDeployment(each).spec.replicas === 0)
      await ports.cluster.remove(refOf(each), { propagation: 'Background', uid: each.metadata.uid ?? '' });
  }
}
