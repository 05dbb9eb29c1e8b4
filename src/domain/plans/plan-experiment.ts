import { isObserved, type DeploymentObject, type PodTemplate } from '../apps';
import {
  composeExperiment,
  experimentId,
  experimentName,
  isIdOf,
  type ExperimentView,
} from '../experiment-view';
import { refOf } from '../kube-object';
import { marks } from '../marks';
import type { RolloutView } from '../rollout-view';
import type { ExperimentSpec, ExperimentTemplate } from '../strategy';
import { act, type Action, patchOf, type Plan, type PlanContext, waitFor } from './plan';
import { canaryMissing, missing } from './plan-start';

export interface ExperimentGoal {
  /** Counts from 1. */
  readonly step: number;
  readonly experiment: Pick<ExperimentSpec, 'templates'>;
}

/** What the plans see: the workload, and its experiments. */
export interface ExperimentLook {
  readonly view: RolloutView;
  readonly own: ExperimentView;
}

/** One step towards an experiment whose pods are all available. Both versions' templates are the live ones of stable and canary. */
export function planExperiment(look: ExperimentLook, context: PlanContext, goal: ExperimentGoal): Plan {
  const { stable, canary } = look.view;
  if (stable === undefined) return missing(context.workload);
  const actions: Action[] = [];
  const waits: string[] = [];
  for (const template of goal.experiment.templates) {
    const source = template.specRef === 'stable' ? stable.spec.template : canary?.spec.template;
    if (source === undefined) return canaryMissing(context.workload);
    const next = planTemplate({ look, context, goal, stable }, template, source);
    if (next.kind === 'failed') return next;
    if (next.kind === 'act') actions.push(...next.actions);
    if (next.kind === 'wait') waits.push(next.for);
  }
  return act(...actions) ?? (waits[0] === undefined ? { kind: 'done' } : waitFor(waits.join(', ')));
}

interface Around {
  readonly look: ExperimentLook;
  readonly context: PlanContext;
  readonly goal: ExperimentGoal;
  readonly stable: DeploymentObject;
}

function planTemplate(
  { look, context, goal, stable }: Around,
  template: ExperimentTemplate,
  source: PodTemplate,
): Plan {
  const { workload, rolloutId, application, fence } = context;
  const { step } = goal;
  const name = experimentName(workload, step, template.name);
  const live = look.own.deployments.find((each) => each.metadata.name === name);
  if (live === undefined) {
    const object = composeExperiment(stable, source, template, { application, rolloutId, fence, step });
    return { kind: 'act', actions: [{ kind: 'create', object, why: `create ${name} with no pods` }] };
  }
  if (live.metadata.labels?.[marks.experimentOf] !== workload) return foreign(name, workload);
  if (live.metadata.deletionTimestamp !== undefined) return waitFor(`${name}, which is being deleted, to go`);
  if (live.metadata.labels[marks.experiment] !== experimentId(rolloutId, step, template.name))
    return { kind: 'act', actions: [remove(live, 'of an earlier rollout')] };
  if ((live.spec.replicas ?? 1) !== template.replicas) {
    const why = `scale ${name} to ${template.replicas}`;
    return { kind: 'act', actions: [patchOf(live, fence, { spec: { replicas: template.replicas } }, why)] };
  }
  const available = isObserved(live) ? (live.status?.availableReplicas ?? 0) : 0;
  return available < template.replicas
    ? waitFor(`${template.replicas} pods of ${name} to be available (${available} are)`)
    : { kind: 'done' };
}

/** While it runs: nothing of it may go. Which of its pods fail is for the judge of the pods. */
export function planRunning({ own }: ExperimentLook, context: PlanContext, goal: ExperimentGoal): Plan {
  for (const template of goal.experiment.templates) {
    const id = experimentId(context.rolloutId, goal.step, template.name);
    const live = own.deployments.find((each) => each.metadata.labels?.[marks.experiment] === id);
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) {
      const name = experimentName(context.workload, goal.step, template.name);
      return {
        kind: 'failed',
        code: 'ExperimentMissing',
        sentence: `Deployment ${name} was deleted by somebody during its experiment`,
      };
    }
  }
  return { kind: 'wait', for: 'the experiment to end', isCalm: true };
}

/** Takes the experiment of one step away, or every experiment of the rollout. Pods that are going already need not be waited for. */
export function planExperimentEnd(
  own: ExperimentView,
  { workload, rolloutId }: PlanContext,
  step?: number,
): Plan {
  const left = own.deployments.filter(
    ({ metadata: { labels } }) =>
      labels?.[marks.experimentOf] === workload && isIdOf(labels[marks.experiment], rolloutId, step),
  );
  const removed = act(
    ...left
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((each) => remove(each, 'whose experiment is over')),
  );
  if (removed !== undefined) return removed;
  const rest = [...own.replicaSets, ...own.pods].filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      isIdOf(metadata.labels?.[marks.experiment], rolloutId, step),
  );
  if (left.length + rest.length === 0) return { kind: 'done' };
  return waitFor(`${[...left, ...rest].map(({ metadata }) => metadata.name).join(', ')} to go`);
}

function remove(deployment: DeploymentObject, why: string): Action {
  return {
    kind: 'delete',
    ref: refOf(deployment),
    uid: deployment.metadata.uid ?? '',
    propagation: 'Background',
    why: `delete ${deployment.metadata.name}, ${why}`,
  };
}

function foreign(name: string, workload: string): Plan {
  return {
    kind: 'failed',
    code: 'OwnedByAnother',
    sentence: `a Deployment ${name} exists that is not an experiment of ${workload}; rename or delete it, then retry`,
  };
}
