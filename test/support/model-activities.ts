import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { ControlActivities, GitActivities } from '../../src/activities';
import { workflowQueue } from '../../src/messages/queues';
import { repositoryId, repositoryWorkflow, restoreSignal } from '../../src/messages/repository';
import type { QueuedRestore } from '../../src/ports/orchestrator';
import { effects } from './model-effects';
import { modelCluster, type World } from './model-world';

/** Only look; whatever else an application asks for after its end is a violation. */
const looking: readonly string[] = [
  'planRevision',
  'recallState',
  'mirrorState',
  'watchSources',
  'forgetSources',
  'describeWorkflow',
  'resolveDestination',
  'resolveBranch',
  'keepWeight',
  'analyse',
  'awaitStep',
];

type Effect = (world: World, input: never) => unknown;
type Activities = Readonly<Record<string, (input: never) => Promise<unknown>>>;

interface ModelActivities {
  readonly cluster: Activities;
  readonly git: Partial<GitActivities>;
  readonly control: ControlActivities;
}

/** The activities of all worlds; whose turn it is, the id of the asking workflow tells. */
export function modelActivities(
  find: (name: string) => World | undefined,
  client: () => Client['workflow'],
): ModelActivities {
  const run = (activity: string, effect: Effect) => async (input: never) => {
    const { workflowExecution, activityId, attempt } = Context.current().info;
    const { workflowId = '', runId = '' } = workflowExecution ?? {};
    const world = find(worldOf(workflowId));
    if (world === undefined) throw new Error(`no model for ${workflowId}`);
    const runs = world.runs.get(workflowId) ?? new Set();
    world.runs.set(workflowId, runs.add(runId));
    const step = world.stepOf(activity, runId, activityId);
    const take = async (): Promise<unknown> => effect(world, input);
    if (activity === 'keepWeight') return take();
    return world.during(!looking.includes(activity), () =>
      step === undefined ? take() : world.disturb(step, attempt, take),
    );
  };
  const all = (each: Readonly<Record<string, unknown>>): Activities =>
    Object.fromEntries(Object.entries(each).map(([name, effect]) => [name, run(name, effect as Effect)]));
  return {
    cluster: all({ ...effects, ...orchestrating(client) }),
    git: all(gitEffects),
    control: all({
      resolveDestination: () => ({ kind: 'known', id: modelCluster, server: 'https://test' }),
    }) as unknown as ControlActivities,
  };
}

/** `app/m1-7`, `rollout/model/m1-7/deployment/web`, `repo/git.example/m1-7#main`. */
function worldOf(workflowId: string): string {
  return /\bm\d+\b/.exec(workflowId)?.[0] ?? '';
}

const gitEffects = {
  restorePath: ({ cluster, git }: World, request: Parameters<GitActivities['restorePath']>[0]) => {
    cluster.beforeGit();
    return git.restore(request);
  },
  resolveBranch: ({ git }: World) => git.head.revision,
  describeCommit: (_world: World, { revision }: { readonly revision: string }) => ({
    ...{ revision, subject: 'Bump the image', authorName: 'updater', authorEmail: 'updater@example.com' },
    ...{ authoredAt: 0, trailers: {} },
  }),
};

/** As `adapters/temporal/orchestrator.ts` does them. */
function orchestrating(client: () => Client['workflow']) {
  return {
    requestRestore: async (_world: World, asked: QueuedRestore) => {
      const { repoUrl, branch } = asked.request;
      await client().signalWithStart(repositoryWorkflow, {
        workflowId: repositoryId(repoUrl, branch),
        taskQueue: workflowQueue,
        signal: restoreSignal,
        signalArgs: [asked],
      });
    },
    describeWorkflow: async (_world: World, { workflowId }: { readonly workflowId: string }) => {
      const { status } = await client().getHandle(workflowId).describe();
      return status.name === 'RUNNING' ? 'running' : 'completed';
    },
  };
}
