import { ApplicationFailure, Context } from '@temporalio/activity';
import type { ClusterActivities } from '../../src/activities';

type Awaitable<T> = T | Promise<T>;

/** How a fake answers: `times` counts the calls of this activity, from 1. */
export type Script<A extends (input: never) => unknown> = (
  input: Parameters<A>[0],
  times: number,
) => Awaitable<Awaited<ReturnType<A>>>;

/** Answers for some of a cluster's activities; the others succeed. */
export type Scripts = { [Name in keyof ClusterActivities]?: Script<ClusterActivities[Name]> };

type Names = keyof ClusterActivities;

interface Call {
  readonly name: Names;
  readonly input: Parameters<ClusterActivities[Names]>[0];
}

/** What does not change what users see: left out of `effects`. */
const bookkeeping: readonly string[] = [
  'planRevision',
  'recallState',
  'mirrorState',
  'watchSources',
  'describeWorkflow',
  'tellReleases',
  'keepWeight',
  'analyse',
];

/** One cluster whose activities note what they are asked, in order, and answer as told. */
export class FakeCluster {
  readonly calls: Call[] = [];
  /** `reachWeight 20`, `applyRevision before v2`; `… cancelled` when an activity has ended by cancellation. */
  readonly trace: string[] = [];

  constructor(
    readonly id: string,
    private readonly scripts: Scripts,
  ) {}

  /** The trace without reading and bookkeeping. */
  get effects(): readonly string[] {
    return this.trace.filter((line) => !bookkeeping.includes(line.split(' ')[0] ?? ''));
  }

  get fences(): readonly number[] {
    return this.calls.flatMap(({ input }) => ('fence' in input ? [input.fence] : []));
  }

  inputs<Name extends Names>(name: Name): readonly Parameters<ClusterActivities[Name]>[0][] {
    return this.calls
      .filter((call) => call.name === name)
      .map((call) => call.input as Parameters<ClusterActivities[Name]>[0]);
  }

  /** The activities for a worker. */
  activities(): Record<string, (input: never) => Promise<unknown>> {
    const defaults = defaultScripts();
    const names = Object.keys(defaults) as Names[];
    return Object.fromEntries(
      names.map((name) => [name, (input: never) => this.run(name, input, defaults[name])]),
    );
  }

  private async run(name: Names, input: never, fallback: unknown): Promise<unknown> {
    const line = describe(name, input);
    this.calls.push({ name, input });
    this.trace.push(line);
    const script = (this.scripts[name] ?? fallback) as (input: never, times: number) => unknown;
    try {
      return await script(input, this.inputs(name).length);
    } catch (error: unknown) {
      if (Context.current().cancellationSignal.aborted) this.trace.push(`${line} cancelled`);
      throw error;
    }
  }
}

/** Runs until it is cancelled, heartbeating as real activities do. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 20);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(timer);
  }
}

/** A step that has been reached. */
export const done = { kind: 'done' } as const;

/** A step that was judged to fail. */
export function failed(sentence = 'pod web-canary-x: ImagePullBackOff: not found', code = 'ImagePullFailed') {
  return { kind: 'failed' as const, failure: { code, sentence, at: 0 } };
}

/** What the API server says to a worker without the right: trying again is of no use. */
export function forbidden(): ApplicationFailure {
  return ApplicationFailure.nonRetryable('deployments.apps "web" is forbidden', 'Forbidden');
}

function describe(name: Names, input: Call['input']): string {
  const words: string[] = [name];
  if ('traffic' in input && name !== 'keepWeight') words.push(String(input.traffic.weight));
  if ('to' in input) words.push(input.to);
  if ('step' in input) words.push(stepOf(input.step));
  if ('hook' in input) words.push(input.part, input.hook);
  if ('stage' in input && typeof input.stage === 'string') words.push(input.stage);
  if ('revision' in input) words.push(shortOf(input.revision));
  if ('request' in input) words.push(shortOf(input.request.goodRevision));
  return words.join(' ');
}

/** `PreSync 0` for a step of a sync; a step of a rollout is a number. */
function stepOf(step: unknown): string {
  if (typeof step !== 'object' || step === null) return String(step);
  const { phase, wave } = step as { readonly phase?: string; readonly wave?: number };
  return `${phase} ${wave}`;
}

/** `v2` for the revision that `revisionOf('v2')` makes. */
export function shortOf(revision: string): string {
  return revision.replace(/-*$/, '');
}

/** A revision that is easy to read in a trace. */
export function revisionOf(short: string): string {
  return short.padEnd(40, '-');
}

function defaultScripts(): { readonly [Name in Names]: Script<ClusterActivities[Name]> } {
  const nothing = { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };
  return {
    planRevision: ({ revision }) => ({
      kind: 'planned',
      plan: { revision, tree: revision, objects: 0, workloads: [] },
    }),
    runSyncHooks: () => ({ kind: 'done' }),
    deleteSyncHooks: () => undefined,
    undoSyncHooks: () => ({ kind: 'done' }),
    awaitStep: () => ({ kind: 'healthy' }),
    resolveCheck: ({ names }) => names[0] ?? '',
    readChildren: () => ({ children: [], others: [], problems: [] }),
    runChecks: () => ({ problems: [] }),
    dropChecks: () => undefined,
    applyRevision: () => nothing,
    diffApplication: ({ revision }) => ({ revision, objects: [], problems: [], rolling: [] }),
    deleteObjects: () => ({ deleted: [], kept: [], unconfirmed: [] }),
    recallState: () => null,
    mirrorState: () => undefined,
    watchSources: () => undefined,
    forgetSources: () => undefined,
    requestRestore: () => undefined,
    tellReleases: () => undefined,
    describeWorkflow: () => 'running',
    startCanary: () => ({ kind: 'done', replicas: 4 }),
    reachWeight: () => done,
    keepWeight: untilCancelled,
    analyse: ({ name, run }) => ({
      kind: 'measured',
      run: run ?? { startedAt: 0, phase: 'Successful', metrics: [], message: name },
    }),
    handOver: () => done,
    standBy: () => done,
    adoptCanary: () => done,
    inspectCanary: () => ({ isPastReturn: false }),
    retireOld: () => done,
    returnTraffic: () => done,
    removeCanary: () => done,
    rollStable: () => done,
    rollWorkload: () => done,
    startInPlace: () => done,
    reachInPlace: () => done,
    watchInPlace: untilCancelled,
    returnInPlace: () => done,
    settleInPlace: () => done,
    rollInPlace: () => done,
    runHook: () => done,
    startExperiment: () => ({ kind: 'done', pods: {} }),
    watchExperiment: untilCancelled,
    endExperiment: () => done,
    restartPods: () => done,
  };
}
