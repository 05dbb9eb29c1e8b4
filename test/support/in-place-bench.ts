import type { ClusterActivities } from '../../src/activities';
import type { Treatment } from '../../src/domain/decide-sync';
import type { InPlaceKind, InPlaceObject } from '../../src/domain/in-place-view';
import type { KubeObject } from '../../src/domain/kube-object';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { benchSpec, done } from './cluster-bench';
import { gitPath } from './cluster-git';
import { run, type Lab } from './cluster-lab';
import { imageOf, record, type Recorder } from './cluster-recorder';
import { inPlaceFiles, type InPlaceVersion } from './in-place-files';

/** One StatefulSet or DaemonSet `db` in a namespace of its own, whose rollouts a test drives activity by activity. */
export interface InPlaceBench {
  readonly namespace: string;
  readonly worker: ClusterActivities;
  readonly recorder: Recorder;
  /** The next rollout, to this version. */
  rollout(version: InPlaceVersion): RolloutSpec;
  /** A fenced step: every call gets a higher number. */
  step(spec: RolloutSpec): {
    spec: RolloutSpec;
    fence: number;
    replicas: number | undefined;
    deadlineAt: number;
  };
  /** Start, and then the share of pods. */
  reach(spec: RolloutSpec, weight: number): Promise<{ readonly kind: string }>;
  promote(spec: RolloutSpec): Promise<void>;
  goBack(spec: RolloutSpec): Promise<void>;
  sync(
    revision: string,
    stage: 'before' | 'after' | 'heal',
    treatment: Treatment,
  ): Promise<readonly string[]>;
  workload(): Promise<InPlaceObject>;
  /** Image tags of the pods: by ordinal, or by node. */
  images(): Promise<readonly string[]>;
  pods(): Promise<readonly KubeObject[]>;
  get(kind: string, name: string, apiVersion?: string): Promise<KubeObject | undefined>;
}

/** Deploys `first` as a first deployment and waits until it runs. */
export async function openInPlace(
  lab: Lab,
  kind: InPlaceKind,
  first: InPlaceVersion = {},
): Promise<InPlaceBench> {
  const namespace = await lab.namespace();
  const worker = lab.worker();
  const app = benchSpec(namespace);
  let number = 0;
  let stable: { rolloutId?: string; revision?: string } = {};
  const fences = new Map<string, number>();
  const bench: InPlaceBench = {
    namespace,
    worker,
    recorder: await record(lab, namespace),
    rollout(version) {
      number += 1;
      const revision = lab.git.commit(inPlaceFiles(kind, version));
      const source = { repoUrl: app.source.repoUrl, path: gitPath };
      return {
        application: app.name,
        cluster: lab.kube.id,
        namespace,
        kind,
        name: 'db',
        target: { ...source, revision },
        version: revision.slice(0, 16),
        number,
        rolloutId: `r${number}-${namespace}`,
        strategy: { kind: 'inPlace', steps: [] },
        progressDeadlineMs: 30_000,
        pace: 'steps',
        ...(stable.revision === undefined ? {} : { good: { ...source, revision: stable.revision } }),
        ...(stable.rolloutId === undefined ? {} : { stableRolloutId: stable.rolloutId }),
      };
    },
    step(spec) {
      const next = (fences.get(spec.rolloutId) ?? spec.number * 10_000) + 1;
      fences.set(spec.rolloutId, next);
      return { spec, fence: next, replicas: spec.replicas, deadlineAt: Date.now() + 30_000 };
    },
    async reach(spec, weight) {
      if (!fences.has(spec.rolloutId)) done(await run(worker.startInPlace, bench.step(spec)));
      return run(worker.reachInPlace, { ...bench.step(spec), weight });
    },
    async promote(spec) {
      done(await bench.reach(spec, 100));
      done(await run(worker.settleInPlace, { ...bench.step(spec), to: 'target' }));
      stable = { rolloutId: spec.rolloutId, revision: spec.target.revision };
    },
    async goBack(spec) {
      done(await run(worker.returnInPlace, bench.step(spec)));
      done(await run(worker.settleInPlace, { ...bench.step(spec), to: 'good' }));
    },
    async sync(revision, stage, treatment) {
      const input = { spec: app, revision, stage, treatments: { db: treatment }, fix: true, prune: false };
      const { problems, applied } = await run(worker.applyRevision, input);
      if (problems.length > 0) throw new Error(JSON.stringify(problems));
      return applied;
    },
    get: (each, name, apiVersion = 'v1') => lab.kube.get({ apiVersion, kind: each, namespace, name }),
    async workload() {
      const found = await bench.get(kind, 'db', 'apps/v1');
      if (found === undefined) throw new Error(`there is no ${kind} db`);
      return found as InPlaceObject;
    },
    async pods() {
      const pods = await lab.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
      const key = (pod: KubeObject): string =>
        kind === 'StatefulSet' ? pod.metadata.name : ((pod['spec'] as { nodeName?: string }).nodeName ?? '');
      return pods.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    },
    images: async () => (await bench.pods()).map(imageOf),
  };

  const initial: RolloutSpec = { ...bench.rollout(first), pace: 'initial' };
  const { revision } = initial.target;
  await bench.sync(revision, 'before', { kind: 'rolling', pace: 'initial' });
  done(await run(worker.rollInPlace, bench.step(initial)));
  await bench.sync(revision, 'after', { kind: 'settled' });
  stable = { revision };
  bench.recorder.mark();
  return bench;
}
