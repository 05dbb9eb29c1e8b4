import { Context } from '@temporalio/activity';
import type { ClusterActivities } from '../../src/activities';
import type { ApplyResult } from '../../src/activities/sync';
import { decideSync } from '../../src/domain/decide-sync';
import { emptyState } from '../../src/domain/application-state';
import type { RevisionPlan, StepPlan } from '../../src/domain/revision-plan';
import { keyOf, type Content } from './model-git';
import type { World } from './model-world';
import { done, failed } from './workflow-fakes';

type Name = keyof ClusterActivities;

/** What the fake of each activity does to a world; the names are those of the cluster's activities. */
export type Effects = {
  readonly [Each in Name]?: (
    world: World,
    input: Parameters<ClusterActivities[Each]>[0],
  ) => Awaited<ReturnType<ClusterActivities[Each]>> | Promise<Awaited<ReturnType<ClusterActivities[Each]>>>;
};

const nothing: ApplyResult = { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };

/** Versions whose name says so crash with their first pods; others are found out by an analysis. */
const crashes = (version: string): boolean => version.includes('bad');
const isFoundOut = (version: string): boolean => version.includes('rotten');

export const effects: Effects = {
  planRevision: ({ git, cluster, strategy, name }, { revision, atOnce, delivered }) => {
    const content = git.at(revision);
    const plan: RevisionPlan = {
      revision,
      tree: keyOf(content),
      content: keyOf(content),
      objects: Object.keys(content.versions).length,
      workloads: Object.entries(content.versions).map(([workload, version]) => ({
        kind: 'Deployment',
        name: workload,
        namespace: name,
        version,
        strategy,
        progressDeadlineMs: 600_000,
        exists: cluster.of(workload).stable !== undefined,
      })),
      ...(content.hook === undefined ? {} : { steps: stepsOf(content) }),
    };
    const planned = { kind: 'planned', plan } as const;
    if (atOnce === undefined || plan.steps !== undefined) return planned;
    const decision = decideSync({ ...emptyState, ...atOnce.state }, plan);
    if (decision.kind === 'quarantined' || decision.rolling.length > 0) return planned;
    const told = { at: Date.now(), isMirrored: false };
    if (plan.content === delivered) return { ...planned, done: { kind: 'unchanged', ...told } };
    for (const [workload, version] of Object.entries(content.versions)) cluster.applied(workload, version);
    return { ...planned, done: { kind: 'applied', result: nothing, ...told } };
  },
  applyRevision: ({ git, cluster }, { revision, treatments, stage, fix }) => {
    if (stage === 'try') return nothing;
    for (const [workload, version] of Object.entries(git.at(revision).versions))
      if (treatments[workload]?.kind === 'settled') cluster.applied(workload, version);
    const drifted = [...cluster.drift];
    if (!fix) return { ...nothing, differing: drifted };
    cluster.drift.clear();
    return { ...nothing, applied: drifted };
  },
  deleteObjects: ({ cluster }) => {
    cluster.workloads.clear();
    return { deleted: [], kept: [], unconfirmed: [] };
  },
  recallState: ({ cluster }) => cluster.mirror ?? null,
  mirrorState: ({ cluster }, { state }) => {
    cluster.mirror = state;
  },
  watchSources: () => undefined,
  forgetSources: () => undefined,
  runSyncHooks: ({ git }, { revision }) =>
    git.at(revision).hook === 'bad'
      ? { kind: 'failed', hook: 'Job shop/migrate', sentence: 'its pod has failed' }
      : done,
  deleteSyncHooks: () => undefined,
  awaitStep: () => ({ kind: 'healthy' }),
  startCanary: ({ cluster }, { spec, fence }) => {
    cluster.startCanary(spec, fence);
    return { kind: 'done', replicas: 4 };
  },
  reachWeight: ({ cluster }, { spec, fence, traffic }) => {
    cluster.weigh(spec, fence, traffic.weight);
    return verdict(cluster, spec, crashes);
  },
  keepWeight: keepGoing,
  analyse: ({ cluster }, { spec, name }) => {
    if (isFoundOut(spec.version)) cluster.judge(spec);
    const phase = isFoundOut(spec.version) ? 'Failed' : 'Successful';
    return { kind: 'measured', run: { startedAt: 0, phase, metrics: [], message: name } };
  },
  handOver: ({ cluster }, { spec, fence }) => {
    cluster.handOver(spec, fence);
    return done;
  },
  adoptCanary: ({ cluster }, { spec, fence }) => {
    cluster.adopt(spec, fence);
    return done;
  },
  inspectCanary: ({ cluster }, { spec }) => ({ isPastReturn: cluster.of(spec.name).stable === spec.version }),
  retireOld: ({ cluster }, { spec, fence }) => {
    cluster.retire(spec, fence);
    return done;
  },
  returnTraffic: ({ cluster }, { spec, fence }) => {
    cluster.returnTraffic(spec, fence);
    return done;
  },
  removeCanary: ({ cluster }, { spec, fence }) => {
    cluster.removeCanary(spec, fence);
    return done;
  },
  rollWorkload: ({ cluster }, { spec, fence, to }) => {
    const version = to === 'target' ? spec.version : (spec.goodVersion ?? '');
    cluster.roll(spec, fence, version);
    return to === 'target' ? verdict(cluster, spec, crashes) : done;
  },
};

/** Runs until it is cancelled; a cancellation comes with a heartbeat, and each costs the server. */
async function keepGoing(): Promise<never> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 250);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(timer);
  }
}

function verdict(
  cluster: World['cluster'],
  spec: Parameters<World['cluster']['judge']>[0],
  isBad: (version: string) => boolean,
) {
  if (!isBad(spec.version)) return done;
  cluster.judge(spec);
  return failed(`pod ${spec.version} crashes`, 'CrashLoop');
}

/** A hook before, a wave of plain objects, one with the workloads, and a hook after. */
function stepsOf({ versions }: Content): readonly StepPlan[] {
  const none = { objects: 0, hooks: [], workloads: [] };
  return [
    { ...none, phase: 'PreSync', wave: 0, hooks: ['Job shop/migrate'] },
    { ...none, phase: 'Sync', wave: 0, objects: 1 },
    { ...none, phase: 'Sync', wave: 1, objects: 1, workloads: Object.keys(versions) },
    { ...none, phase: 'PostSync', wave: 0, hooks: ['Job shop/smoke'] },
  ];
}
