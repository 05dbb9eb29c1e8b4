import { byVersion, newestRevision, type InPlaceView } from '../domain/in-place-view';
import type { KubeObject } from '../domain/kube-object';
import type { RolloutStepInput } from '../domain/plans/context';
import { waitFor } from '../domain/plans/plan';
import { planRollingInPlace } from '../domain/plans/plan-in-place-rolling';
import type { Percent } from '../domain/strategy';
import { applyWorkload } from './apply-workload';
import { beating, type Beat } from './beating';
import { copyConfig, dropUnusedCopies, ownCopies } from './config-copies';
import { driveInPlace, inPlaceComposer, type WrittenVersion } from './in-place-drive';
import { assertNotFenced } from './fenced';
import { firstApplied, goodOf, type InPlacePlanner, movingDeadline, planWeight } from './in-place-plans';
import { createJudge } from './judge';
import { noteRollout } from './note-rollout';
import { generatedIn, loadWorkload, resultOf, type RolloutTools, type StepResult } from './rollout-steps';

export interface InPlaceWeightInput extends RolloutStepInput {
  readonly weight: Percent;
  /** Epoch milliseconds after which waiting is a failure; every pod more that is available moves it, as pods go one after another. */
  readonly deadlineAt?: number;
}

/** The activities of StatefulSets and DaemonSets; each reaches a state, and may be repeated at any point. */
export function createInPlace(tools: RolloutTools) {
  const { cluster } = tools.ports;

  interface Run {
    readonly input: RolloutStepInput & { readonly deadlineAt?: number };
    readonly beat: Beat;
    readonly plan: InPlacePlanner;
    /** The version that is written, if any is. */
    readonly version?: WrittenVersion;
    readonly isReadOnly?: boolean;
    /** On the way back nothing stable is left to compare with. */
    readonly isBack?: boolean;
  }

  /** Drives a plan whose waits are judged by the pods of the version that the template has. */
  async function reach({
    input,
    beat,
    plan,
    version,
    isReadOnly = false,
    isBack = false,
  }: Run): Promise<StepResult> {
    const { spec, deadlineAt } = input;
    const judge = createJudge<InPlaceView>({
      tools,
      spec,
      generated: await generatedIn(tools, spec),
      sides: (view) => {
        const newest = newestRevision(view);
        const { fresh, old } = newest === undefined ? { fresh: [], old: [] } : byVersion(view, newest);
        const podSpec = view.workload?.spec.template.spec;
        const stable = isBack ? [] : old;
        return { judged: { pods: fresh }, stable: { pods: stable }, events: view.events, podSpec };
      },
      deadlineAt: deadlineAt === undefined ? undefined : movingDeadline(deadlineAt, spec.progressDeadlineMs),
      late: 'without progress still waiting for',
    });
    const driven = await driveInPlace({
      cluster,
      input,
      beat,
      plan: judge.around(plan),
      isReadOnly,
      ...(version === undefined ? {} : { compose: inPlaceComposer(spec, version) }),
    });
    return resultOf(driven, judge.failure());
  }

  /** A copy of configuration has no resourceVersion to be refused by. */
  async function assertLatest({ spec, fence }: RolloutStepInput, { signal }: Beat): Promise<void> {
    const { kind, namespace, name } = spec;
    assertNotFenced(await cluster.get({ apiVersion: 'apps/v1', kind, namespace, name }, signal), fence);
  }

  return {
    /** The new template is there with its own configuration, and no pod has moved. */
    startInPlace: beating(async (input: RolloutStepInput, beat): Promise<StepResult> => {
      const { spec, replicas } = input;
      const workload = await loadWorkload(tools, spec, spec.target);
      const { rolloutId } = spec;
      const plan = planWeight(spec, workload, { weight: 0, rolloutId, replicas });
      await assertLatest(input, beat);
      await noteRollout(cluster, spec, beat.signal);
      await copyConfig(cluster, spec, workload, beat.signal);
      let newest: KubeObject | undefined;
      const started = await reach({
        input,
        beat,
        version: { workload, rolloutId, replicas },
        plan: (view, now) => {
          newest = newestRevision(view);
          return plan(view, now);
        },
      });
      while (newest !== undefined && !(await ownCopies(cluster, spec, workload, newest)))
        await copyConfig(cluster, spec, workload, beat.signal);
      return started;
    }),

    /** As many pods as `weight` asks for are of the new version and available; or the verdict on pods that fail. */
    reachInPlace: beating(async (input: InPlaceWeightInput, beat): Promise<StepResult> => {
      const { spec, weight, replicas } = input;
      const { rolloutId } = spec;
      const workload = await loadWorkload(tools, spec, spec.target);
      const plan = planWeight(spec, workload, { weight, rolloutId, replicas });
      return reach({ input, beat, version: { workload, rolloutId, replicas }, plan });
    }),

    /** Watches during pauses: answers when pods of the new version fail, else runs until it is cancelled. */
    watchInPlace: beating(async (input: RolloutStepInput, beat): Promise<StepResult> =>
      reach({ input, beat, plan: () => waitFor('the pause to end'), isReadOnly: true }),
    ),

    /** Every pod is of the last good version again. `failed`: that one does not run either. */
    returnInPlace: beating(
      async (input: RolloutStepInput & { readonly deadlineAt: number }, beat): Promise<StepResult> => {
        const { spec } = input;
        const { stableRolloutId: rolloutId } = spec;
        const workload = await loadWorkload(tools, spec, goodOf(spec));
        const plan = planWeight(spec, workload, { weight: 100, rolloutId });
        await assertLatest(input, beat);
        if (rolloutId !== undefined) await copyConfig(cluster, spec, workload, beat.signal);
        let newest: KubeObject | undefined;
        const returned = await reach({
          input,
          beat,
          isBack: true,
          version: { workload, rolloutId },
          plan: firstApplied(spec, (view, now) => {
            newest = newestRevision(view);
            return plan(view, now);
          }),
        });
        if (rolloutId !== undefined && newest !== undefined) await ownCopies(cluster, spec, workload, newest);
        await dropUnusedCopies(cluster, spec, await loadWorkload(tools, spec, spec.target));
        return returned;
      },
    ),

    /** Git's own updateStrategy is back; no pod moves, as all are of this version. */
    settleInPlace: beating(
      async (input: RolloutStepInput & { readonly to: 'target' | 'good' }, beat): Promise<StepResult> => {
        const { spec, to, fence } = input;
        const workload = await loadWorkload(tools, spec, to === 'good' ? goodOf(spec) : spec.target);
        const version =
          to === 'good'
            ? { workload, rolloutId: spec.stableRolloutId }
            : { workload, rolloutId: spec.rolloutId, replicas: input.replicas };
        await applyWorkload(cluster, inPlaceComposer(spec, version)(undefined), fence, beat.signal);
        return { kind: 'done' };
      },
    ),

    /** Without steps, and first deployments: applied as Git has it, and watched. */
    rollInPlace: beating(
      async (input: RolloutStepInput & { readonly deadlineAt: number }, beat): Promise<StepResult> => {
        const { spec } = input;
        const workload = await loadWorkload(tools, spec, spec.target);
        const plan: InPlacePlanner = (view, now) => planRollingInPlace(view, spec.name, now);
        return reach({
          input,
          beat,
          version: { workload, rolloutId: undefined },
          plan: firstApplied(undefined, plan),
        });
      },
    ),
  };
}
