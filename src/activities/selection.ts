import type { ApplicationSpec } from '../domain/application-spec';
import { composeDeployment, composeInPlace, composeObject } from '../domain/compose';
import { keyOf, refOf, type KubeObject } from '../domain/kube-object';
import type { Located } from '../domain/located';
import type { Treatment } from '../domain/decide-sync';
import { rolesOf } from '../domain/plans/context';
import { routeRefs } from '../domain/plans/route-goal';
import type { BlueGreenStrategy, CanaryStrategy, Strategy } from '../domain/strategy';
import { configNamesOf, type Loaded, type LoadedWorkload } from './load';

export type Treatments = Readonly<Record<string, Treatment>>;

/** One object that a sync applies (or only tries, when `dryRunOnly`). */
export interface Selected {
  readonly object: KubeObject;
  readonly source: Located;
  readonly dryRunOnly: boolean;
}

export type Stage =
  /** Before the rollouts: everything but what a running version must not see yet. */
  | 'before'
  /** After all rollouts have been promoted: the rest. */
  | 'after'
  /** Drift: what was applied, except what a rollout leases. */
  | 'heal';

/** What a sync of this stage applies, composed and not yet in order. */
export function selectObjects(
  spec: ApplicationSpec,
  loaded: Loaded,
  stage: Stage,
  treatments: Treatments,
): readonly Selected[] {
  const kept = new Set(loaded.workloads.flatMap((each) => keptBack(each, treatments[each.name], stage)));
  const others = loaded.others.map((source): Selected => {
    const { namespace } = source.object.metadata;
    const key = keyOf({ ...refOf(source.object), namespace: namespace ?? spec.destination.namespace });
    const object = composeObject(source.object, { application: spec.name, namespace });
    return { object, source, dryRunOnly: kept.has(key) };
  });
  const workloads = loaded.workloads.flatMap((each) =>
    selectWorkload(spec, each, treatments[each.name], stage),
  );
  // What is kept back is tried with the rest before the first write, but not looked at when drift is healed.
  return [...others.filter((each) => stage === 'before' || !each.dryRunOnly), ...workloads];
}

function selectWorkload(
  spec: ApplicationSpec,
  workload: LoadedWorkload,
  treatment: Treatment | undefined,
  stage: Stage,
): readonly Selected[] {
  if (treatment?.kind === 'rolling' && stage !== 'before') return [];
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
