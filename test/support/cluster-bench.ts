import type { CanaryStrategy } from '../../src/domain/strategy';
import { noTraffic } from '../../src/domain/routing/traffic';
import { ApplicationFailure } from '@temporalio/activity';
import type { ClusterActivities } from '../../src/activities';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import {
  asDeployment,
  asReplicaSet,
  type DeploymentObject,
  type ReplicaSetObject,
} from '../../src/domain/apps';
import type { Treatment } from '../../src/domain/decide-sync';
import type { KubeObject } from '../../src/domain/kube-object';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { gitPath } from './cluster-git';
import { run, type Lab } from './cluster-lab';
import { record, type Recorder } from './cluster-recorder';
import { until } from './until';
import { shopFiles, type ShopVersion } from './cluster-shop';

/** One application in a namespace of its own, whose rollouts a test drives activity by activity. */
export interface Bench {
  readonly namespace: string;
  readonly app: ApplicationSpec;
  readonly worker: ClusterActivities;
  readonly recorder: Recorder;
  /** Commits a version. */
  commit(version: ShopVersion): string;
  /** The next rollout of `web`, to this revision. */
  rollout(version: ShopVersion): RolloutSpec;
  /** A fenced step: every call gets a higher number. */
  step(spec: RolloutSpec): {
    spec: RolloutSpec;
    fence: number;
    replicas: number | undefined;
    deadlineAt: number;
  };
  weigh(spec: RolloutSpec, weight: number): Promise<void>;
  /** Everything from the canary's start to weight 100. */
  toFull(spec: RolloutSpec): Promise<void>;
  /** Parts a to e of a promotion. */
  promote(spec: RolloutSpec): Promise<void>;
  sync(
    revision: string,
    stage: 'before' | 'after' | 'heal',
    treatment: Treatment,
  ): Promise<readonly string[]>;
  get(kind: string, name: string, apiVersion?: string): Promise<KubeObject | undefined>;
  deployment(name?: string): Promise<DeploymentObject>;
  replicaSets(): Promise<readonly ReplicaSetObject[]>;
  /** What a person or an autoscaler does, as `kubectl` writes it. */
  kubectl(kind: string, name: string, patch: object): Promise<KubeObject>;
}

/** Deploys `first` as a first deployment and waits until it runs. */
export async function openBench(lab: Lab, first: ShopVersion = {}): Promise<Bench> {
  const namespace = await lab.namespace();
  const recorder = await record(lab, namespace);
  const worker = lab.worker();
  const app = benchSpec(namespace);
  let number = 0;
  let stable: { rolloutId?: string; revision?: string } = {};
  const versions = new Map<string, ShopVersion>();
  const fences = new Map<string, number>();

  const bench: Bench = {
    namespace,
    app,
    worker,
    recorder,
    commit(version) {
      const revision = lab.git.commit(shopFiles(version));
      versions.set(revision, version);
      return revision;
    },
    rollout(version) {
      number += 1;
      const revision = bench.commit(version);
      const source = { repoUrl: app.source.repoUrl, path: gitPath };
      return {
        application: app.name,
        cluster: lab.kube.id,
        namespace,
        kind: 'Deployment',
        name: 'web',
        target: { ...source, revision },
        version: revision.slice(0, 16),
        number,
        rolloutId: `r${number}-${namespace}`,
        strategy: strategyOf(version),
        progressDeadlineMs: 30_000,
        pace: 'steps',
        ...(stable.revision === undefined ? {} : { good: { ...source, revision: stable.revision } }),
        ...(stable.rolloutId === undefined ? {} : { stableRolloutId: stable.rolloutId }),
        ...(version.replicas === null ? {} : { replicas: version.replicas ?? 4 }),
      };
    },
    step(spec) {
      const next = (fences.get(spec.rolloutId) ?? spec.number * 10_000) + 1;
      fences.set(spec.rolloutId, next);
      return { spec, fence: next, replicas: spec.replicas ?? 4, deadlineAt: Date.now() + 30_000 };
    },
    async weigh(spec, weight) {
      done(await run(worker.reachWeight, { ...bench.step(spec), traffic: { ...noTraffic, weight } }));
    },
    async toFull(spec) {
      done(await run(worker.startCanary, bench.step(spec)));
      await bench.weigh(spec, 100);
    },
    async promote(spec) {
      done(await run(worker.handOver, bench.step(spec)));
      done(await run(worker.adoptCanary, bench.step(spec)));
      done(await run(worker.retireOld, bench.step(spec)));
      stable = { rolloutId: spec.rolloutId, revision: spec.target.revision };
    },
    async sync(revision, stage, treatment) {
      const input = { spec: app, revision, stage, treatments: { web: treatment }, fix: true, prune: false };
      const { problems, applied } = await insist(() => run(worker.applyRevision, input));
      if (problems.length > 0) throw new Error(JSON.stringify(problems));
      return applied;
    },
    get: (kind, name, apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1') =>
      lab.kube.get({ apiVersion, kind, namespace, name }),
    async deployment(name = 'web') {
      const found = await bench.get('Deployment', name);
      if (found === undefined) throw new Error(`there is no Deployment ${name}`);
      return asDeployment(found);
    },
    async replicaSets() {
      const sets = await lab.kube.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace });
      return sets.map(asReplicaSet);
    },
    kubectl: (kind, name, patch) =>
      lab.kube.patch({ apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, namespace, name }, patch, {
        manager: 'kubectl-edit',
      }),
  };

  const initial: RolloutSpec = { ...bench.rollout(first), pace: 'initial' };
  const { revision } = initial.target;
  const rolling = { kind: 'rolling', pace: 'initial' } as const;
  await bench.sync(revision, 'before', rolling);
  done(await run(worker.rollWorkload, { ...bench.step(initial), to: 'target' }));
  await bench.sync(revision, 'after', rolling);
  stable = { revision };
  const replicas = (await bench.deployment()).spec.replicas ?? 1;
  const services = ['web', ...(first.roles === true ? ['web-stable', 'web-preview'] : [])];
  await until('every Service lists every pod', () =>
    services.every((service) => recorder.listed(service) === replicas),
  );
  return bench;
}

/** As Temporal does: an object that has changed meanwhile is looked at again. */
async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error: unknown) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'Conflict') throw error;
    }
  }
}

/** Throws what a step answered if it is not `done`. */
export function done(result: { readonly kind: string }): void {
  if (result.kind !== 'done') throw new Error(`the step was not done: ${JSON.stringify(result)}`);
}

/** An application whose repository is in memory. */
export function benchSpec(namespace: string): ApplicationSpec {
  return {
    name: namespace,
    project: 'default',
    source: { repoUrl: 'memory', path: gitPath, targetRevision: 'main', recurse: false },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
  };
}

function strategyOf({ roles = false }: ShopVersion): CanaryStrategy {
  return {
    kind: 'canary',
    steps: [],
    maxSurge: 1,
    maxUnavailable: 0,
    scaleDownDelayMs: 0,
    ...(roles ? { stableService: 'web-stable', canaryService: 'web-preview' } : {}),
  };
}
