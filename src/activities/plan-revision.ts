import type { ApplicationSpec } from '../domain/application-spec';
import { fewProblems } from '../domain/few';
import type { Problem, ProblemCode } from '../domain/problem';
import type { WindowState } from '../domain/project/window-state';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { hookFacts } from '../domain/hook-job';
import type { Cluster } from '../ports/cluster';
import { isPortError, type PortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { createAtOnce, type AtOnce, type AtOnceDone } from './deliver-at-once';
import { createPolicyCheck, noFindings } from './check-policies';
import type { Loaded, LoadedWorkload, LoadRevision } from './load';
import { loadApplication } from './load-application';
import type { Ports } from './ports';
import type { Applier } from './sync';

export type PlanAnswer =
  /** `window`: whether the sync windows of its project let it sync now; absent where the project has none. */
  | {
      readonly kind: 'planned';
      readonly plan: RevisionPlan;
      readonly window?: WindowState;
      /** It was delivered as well. */
      readonly done?: AtOnceDone;
    }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

export interface PlanInput {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  /** Revisions of the application's other sources. */
  readonly pins?: readonly string[];
  /** To the good version: policies were asked when it came, and must not keep anybody from going back to it. */
  readonly isGoingBack?: boolean;
  /** Hash of the manifests that are in the cluster already, with nothing in the way: where they are these, it is not asked again. */
  readonly delivered?: string;
  /** Deliver it as well, if that takes nothing but an apply. */
  readonly atOnce?: AtOnce;
}

/** Reading a revision: what is in it, as small facts; manifests never travel through a history. */
export function createPlanRevision(ports: Ports, load: LoadRevision, apply: Applier) {
  const checkPolicies = createPolicyCheck(ports);
  const deliverAtOnce = createAtOnce(ports, apply);

  function refuse({ name }: ApplicationSpec, problems: readonly Problem[]) {
    ports.usedPaths?.forget(name);
    return { kind: 'refused', problems: fewProblems(problems) } as const;
  }

  function isKnown(
    { name: application }: ApplicationSpec,
    { kind, name, namespace }: LoadedWorkload,
  ): boolean {
    return ports.knownLive?.has(application, { apiVersion: 'apps/v1', kind, namespace, name }) === true;
  }

  async function read(
    { spec, revision, pins, delivered, atOnce, isGoingBack = false }: PlanInput,
    beat: Beat,
  ) {
    try {
      const loaded = await loadApplication(load, { spec, revision, pins });
      if (!loaded.ok) return refuse(spec, loaded.problems);
      const { problems, warnings } = isGoingBack
        ? noFindings
        : await checkPolicies(spec, loaded.value, beat.signal);
      if (problems.length > 0) return refuse(spec, problems);
      ports.usedPaths?.note({ spec, revision, pins }, loaded.value.uses);
      const plan = await planOf(loaded.value, async (each) => {
        const isDelivered = loaded.value.content === delivered;
        return (
          isDelivered || (atOnce !== undefined && isKnown(spec, each)) || (await isThere(ports.cluster, each))
        );
      });
      return {
        kind: 'planned',
        plan: warnings.length === 0 ? plan : { ...plan, warnings: fewProblems(warnings) },
      } as const;
    } catch (error: unknown) {
      if (isPortError(error) && error.retry === 'never') return refuse(spec, [problemOfPort(error)]);
      throw error;
    }
  }

  return {
    planRevision: beating(async (input: PlanInput, beat): Promise<PlanAnswer> => {
      const answer = await read(input, beat);
      const { spec, pins, delivered, atOnce } = input;
      if (answer.kind === 'refused' || atOnce === undefined) return answer;
      const plan = pins === undefined ? answer.plan : { ...answer.plan, pins };
      const done = await deliverAtOnce({ spec, plan, delivered, ...atOnce }, beat);
      return done === undefined ? answer : { ...answer, done };
    }),
  };
}

async function planOf(
  loaded: Loaded,
  exists: (workload: LoadedWorkload) => Promise<boolean>,
): Promise<RevisionPlan> {
  const { revision, tree, content, workloads, others, inSteps, checks } = loaded;
  const steps = inSteps.plan((task) => workloads.find((each) => inSteps.taskOf(each) === task)?.name);
  const kinds = new Set([...others, ...workloads].map(({ object }) => `${object.apiVersion}/${object.kind}`));
  return {
    revision,
    tree,
    content,
    objects: workloads.length + others.length,
    workloads: await Promise.all(workloads.map(async (each) => workloadPlan(each, await exists(each)))),
    kinds: [...kinds].sort(),
    ...(steps === undefined ? {} : { steps }),
    ...(checks.length === 0 ? {} : { checks: checks.map(({ object }) => object.metadata.name) }),
  };
}

async function isThere(cluster: Cluster, { kind, name, namespace }: LoadedWorkload): Promise<boolean> {
  return (await cluster.get({ apiVersion: 'apps/v1', kind, namespace, name })) !== undefined;
}

function workloadPlan(workload: LoadedWorkload, exists: boolean): WorkloadPlan {
  const { kind, name, namespace, version, strategy, progressDeadlineMs } = workload;
  const { replicas, hooks = [], restartAt } = workload;
  return {
    kind,
    name,
    namespace,
    version,
    strategy,
    progressDeadlineMs,
    ...(replicas === undefined ? {} : { replicas }),
    ...(hooks.length === 0 ? {} : { hooks: hooks.map(hookFacts) }),
    ...(restartAt === undefined ? {} : { restartAt }),
    exists,
  };
}

/** A port's error as something a person can mend. */
export function problemOfPort(error: PortError): Problem {
  const codes: Partial<Record<PortError['code'], ProblemCode>> = {
    PathNotFound: 'PathNotFound',
    RevisionNotFound: 'RevisionNotFound',
    Unauthenticated: 'Unauthenticated',
    Forbidden: 'Forbidden',
    Unreachable: 'Unreachable',
    KindNotFound: 'KindNotFound',
  };
  return { code: codes[error.code] ?? 'InvalidSpec', message: error.message };
}
