import { asDeployment } from '../domain/apps';
import { composeDeployment } from '../domain/compose';
import type { RolloutStepInput } from '../domain/plans/context';
import { generatedBy } from '../domain/generated-config';
import { planContext } from '../domain/plans/context';
import { lookOf } from '../domain/rollout-look';
import type { RevisionSource } from '../domain/revision-source';
import type { KubeObject } from '../domain/kube-object';
import type { FailureReport, RolloutLook, RolloutSpec } from '../domain/rollout-status';
import { viewWorkload, type RolloutView } from '../domain/rollout-view';
import { PortError } from '../ports/port-error';
import type { Beat } from './beating';
import { drive, type Driven, type Planner } from './drive';
import { configNamesOf, type LoadedWorkload, type LoadRevision } from './load';
import type { Ports } from './ports';
import { withView } from './with-view';

/** The answer of a step: reached, or why the new version is bad. */
export type StepResult =
  | { readonly kind: 'done'; readonly seen?: RolloutLook }
  | { readonly kind: 'failed'; readonly failure: FailureReport };

/** What the activities of a rollout share. */
export interface RolloutTools {
  readonly ports: Ports;
  readonly load: LoadRevision;
}

/** The workload as `source` has it. Throws PortError `InvalidSpec` when the revision cannot be read any more. */
export async function loadWorkload(
  { load }: RolloutTools,
  spec: RolloutSpec,
  source: RevisionSource,
): Promise<LoadedWorkload> {
  const read = await load(source, spec.namespace);
  if (!read.ok) throw unreadable(spec, source, read.problems.map((problem) => problem.message).join('; '));
  const workload = read.value.workloads.find((each) => each.name === spec.name);
  if (workload === undefined) throw unreadable(spec, source, `it has no workload ${spec.name}`);
  return workload;
}

/** Configuration that controllers make from objects of the new revision. */
export async function generatedIn({ load }: RolloutTools, spec: RolloutSpec): Promise<readonly string[]> {
  const read = await load(spec.target, spec.namespace);
  return read.ok ? read.value.others.flatMap(({ object }) => generatedBy(object)) : [];
}

function unreadable(spec: RolloutSpec, { revision, path }: RevisionSource, why: string): PortError {
  return new PortError(`cannot read workload ${spec.name} of ${path} at ${revision.slice(0, 12)}: ${why}`, {
    code: 'InvalidSpec',
    retry: 'never',
  });
}

/** Git's object with what a rollout lays over it. */
export function composer(spec: RolloutSpec, workload: LoadedWorkload) {
  return (overlay: {
    readonly replicas: number | undefined;
    readonly paused: boolean;
    readonly rolloutId: string | undefined;
  }) =>
    composeDeployment(workload.object, {
      application: spec.application,
      namespace: spec.namespace,
      configNames: configNamesOf(workload),
      ...('antiAffinity' in spec.strategy ? { antiAffinity: spec.strategy.antiAffinity } : {}),
      ...overlay,
    });
}

/** One plan of a rollout, to be driven to its end. */
export interface StepOptions {
  readonly tools: RolloutTools;
  readonly input: RolloutStepInput;
  readonly beat: Beat;
  readonly plan: Planner;
  readonly isReadOnly?: boolean;
  /** The workload as it was written before the plan looks. */
  readonly written?: KubeObject;
  /** Loaded when the plan writes templates. */
  readonly workload?: LoadedWorkload;
}

/** Drives one plan of a rollout to its end, and tells what it saw there. */
export async function driveStep({
  tools,
  input,
  beat,
  plan,
  workload,
  written,
  isReadOnly = false,
}: StepOptions): Promise<Driven & { readonly seen?: RolloutLook }> {
  const { spec } = input;
  const context = planContext(input);
  const compose = workload === undefined ? undefined : composer(spec, workload);
  let last: RolloutView | undefined;
  const driven = await drive({
    cluster: tools.ports.cluster,
    namespace: spec.namespace,
    application: spec.application,
    context,
    beat,
    plan: (view, now) => {
      last = view;
      return plan(view, now);
    },
    isReadOnly,
    ...(written === undefined ? {} : { written }),
    ...(compose === undefined
      ? {}
      : {
          // Where Git omits the count, `belay` must not own it: the next sync would give it up, and it would fall to 1.
          compose: ({ replicas, paused }) =>
            asDeployment(
              compose({
                replicas: workload?.replicas === undefined ? undefined : replicas,
                paused,
                rolloutId: spec.rolloutId,
              }),
            ),
        }),
  });
  const seen = last === undefined ? undefined : lookOf(last, context, spec.strategy.kind);
  return driven.kind === 'failed' || seen === undefined ? driven : { ...driven, seen };
}

/** The workload as it is now. */
export async function lookAt(
  { ports }: { readonly ports: Pick<Ports, 'cluster'> },
  { spec }: Pick<RolloutStepInput, 'spec'>,
  signal: AbortSignal,
): Promise<RolloutView> {
  return withView(ports.cluster, { namespace: spec.namespace, signal }, (live) =>
    Promise.resolve(viewWorkload((kind) => live.objects(kind), spec.name)),
  );
}

/** A plan's failure as the step's answer. */
export function resultOf(
  driven: Driven & { readonly seen?: RolloutLook },
  failure?: FailureReport,
): StepResult {
  if (driven.kind === 'done') return driven;
  return {
    kind: 'failed',
    failure: failure ?? { code: driven.code, sentence: driven.sentence, at: Date.now() },
  };
}
