import type { ApplicationSpec, SyncOptions } from '../domain/application-spec';
import { composeDeployment, composeInPlace, composeObject } from '../domain/compose';
import { keyOf, refOf, type KubeObject } from '../domain/kube-object';
import type { StepKey } from '../domain/in-steps';
import type { Located } from '../domain/located';
import type { Treatment } from '../domain/decide-sync';
import { rolesOf } from '../domain/plans/context';
import { routeRefs } from '../domain/plans/route-goal';
import type { BlueGreenStrategy, CanaryStrategy, Strategy } from '../domain/strategy';
import { optionsOf } from '../domain/sync/plan';
import { matchesAny } from '../domain/sync/selective';
import { configNamesOf, type Loaded, type LoadedWorkload } from './load';

export type Treatments = Readonly<Record<string, Treatment>>;

/** One object that a sync applies (or only tries, when `dryRunOnly`). */
export interface Selected {
  readonly object: KubeObject;
  readonly source: Located;
  readonly dryRunOnly: boolean;
  /** A hook of the sync, which is only tried here. */
  readonly isHook?: true;
  /** Its own sync options over the application's. */
  readonly options: SyncOptions;
}

export type Stage =
  /** Nothing is written yet: everything is tried, hooks too. */
  | 'try'
  /** Before the rollouts: everything but what a running version must not see yet. */
  | 'before'
  /** After all rollouts have been promoted: the rest. */
  | 'after'
  /** Drift: what was applied, except what a rollout leases. */
  | 'heal';

export interface Selection {
  readonly spec: ApplicationSpec;
  readonly stage: Stage;
  readonly treatments: Treatments;
  /** Only the objects of this step of the sync. */
  readonly step?: StepKey;
  /** Only objects that one of these names, as `argocd app sync --resource` reads them. */
  readonly only?: readonly string[];
}

/** What a sync of this stage applies, composed and not yet in order. */
export function selectObjects(loaded: Loaded, selection: Selection): readonly Selected[] {
  const { stage, step } = selection;
  const { inSteps } = loaded;
  const all = selectAll(loaded, selection);
  const inStep = step === undefined ? all : all.filter(({ source }) => inSteps.isIn(source, step));
  const wanted = inStep.filter(({ object }) => isNamed(selection, object));
  return stage === 'try'
    ? [...wanted, ...inSteps.steps.flatMap((each) => hooksOf(loaded, each, selection))]
    : wanted;
}

/** The hooks of one step as they are made, but for their names. */
export function hooksOf(
  loaded: Loaded,
  step: StepKey,
  { spec }: Pick<Selection, 'spec'>,
): readonly Selected[] {
  return loaded.inSteps.hooksOf(step).map((task) => {
    const { located } = task;
    const { namespace } = located.object.metadata;
    const object = composeObject(located.object, { application: spec.name, namespace });
    return {
      object,
      source: located,
      dryRunOnly: true,
      isHook: true,
      options: optionsOf(task, spec.syncOptions),
    };
  });
}

function isNamed({ only, spec }: Selection, object: KubeObject): boolean {
  if (only === undefined) return true;
  const namespace = object.metadata.namespace ?? spec.destination.namespace;
  return matchesAny(only, { ...refOf(object), namespace });
}

function selectAll(loaded: Loaded, { spec, stage, treatments }: Selection): readonly Selected[] {
  const kept = new Set(loaded.workloads.flatMap((each) => keptBack(each, treatments[each.name], stage)));
  const others = loaded.others.map((source): Selected => {
    const { namespace } = source.object.metadata;
    const key = keyOf({ ...refOf(source.object), namespace: namespace ?? spec.destination.namespace });
    const object = composeObject(source.object, { application: spec.name, namespace });
    return { object, source, dryRunOnly: kept.has(key), options: optionsAt(source) };
  });
  const workloads = loaded.workloads.flatMap((each) =>
    selectWorkload(spec, each, treatments[each.name], stage).map((selected) => ({
      ...selected,
      options: optionsAt(selected.source),
    })),
  );
  // What is kept back is tried with the rest before the first write, but not looked at when drift is healed.
  return [...others.filter((each) => isEarly(stage) || !each.dryRunOnly), ...workloads];

  function optionsAt(source: Located): SyncOptions {
    const task = loaded.inSteps.taskOf(source);
    return task === undefined ? (spec.syncOptions ?? {}) : optionsOf(task, spec.syncOptions);
  }
}

function isEarly(stage: Stage): boolean {
  return stage === 'try' || stage === 'before';
}

function selectWorkload(
  spec: ApplicationSpec,
  workload: LoadedWorkload,
  treatment: Treatment | undefined,
  stage: Stage,
): readonly Omit<Selected, 'options'>[] {
  if (treatment?.kind === 'rolling' && !isEarly(stage)) return [];
  const isRolling = treatment?.kind === 'rolling';
  const rolloutId = isRolling ? (treatment.pace === 'initial' ? undefined : 'dry-run') : treatment?.rolloutId;
  const overlay = {
    application: spec.name,
    namespace: workload.namespace,
    configNames: configNamesOf(workload),
    rolloutId: workload.strategy.kind === 'rolling' ? undefined : rolloutId,
    ...(isVersioned(workload.strategy) ? { antiAffinity: workload.strategy.antiAffinity } : {}),
  };
  const object =
    workload.kind === 'Deployment'
      ? composeDeployment(workload.object, { ...overlay, paused: false })
      : composeInPlace(workload.object, overlay);
  return [
    {
      object,
      source: {
        object: workload.object,
        file: workload.file,
        line: workload.line ?? 1,
        lineOf: workload.lineOf ?? (() => workload.line),
      },
      dryRunOnly: isRolling,
    },
  ];
}

/** Keys of objects that stay as they are while a new version of this workload is on its way. */
function keptBack(
  workload: LoadedWorkload,
  treatment: Treatment | undefined,
  stage: Stage,
): readonly string[] {
  if (treatment?.kind !== 'rolling' || treatment.pace === 'initial' || stage === 'after') return [];
  const { strategy, namespace } = workload;
  if (strategy.kind === 'rolling') return [];
  const config = workload.config.map(({ source }) => keyOf({ ...refOf(source.object), namespace }));
  return stage === 'heal' && isVersioned(strategy)
    ? [...config, ...leasedBy(strategy, namespace, workload.name)]
    : config;
}

/** What the rollout itself composes and heals meanwhile: its role Services and the router's objects. */
function leasedBy(
  strategy: CanaryStrategy | BlueGreenStrategy,
  namespace: string,
  workload: string,
): readonly string[] {
  const { stableService, canaryService, routing } = rolesOf(strategy);
  const services = [stableService, canaryService].filter((name) => name !== undefined);
  const routes = routeRefs({ routing, namespace, workload }).edited;
  return [
    ...services.map((name) => keyOf({ apiVersion: 'v1', kind: 'Service', namespace, name })),
    ...routes.map(keyOf),
  ];
}

function isVersioned(strategy: Strategy): strategy is CanaryStrategy | BlueGreenStrategy {
  return strategy.kind === 'canary' || strategy.kind === 'blueGreen';
}
