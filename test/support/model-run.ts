import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationStatus } from '../../src/domain/application-status';
import { applicationId, gitChangedSignal, statusQuery } from '../../src/messages/application';
import { workflowQueue } from '../../src/messages/queues';
import { rolloutStatusQuery, rolloutWorkflowId } from '../../src/messages/rollout';
import type { application, rollout } from '../../src/workflows';
import { historyFaults } from './model-histories';
import { finalFaults, otherEnd } from './model-promises';
import type { Story } from './model-stories';
import { messages } from './model-messages';
import { modelCluster, World, type Past, type StepName } from './model-world';
import { revisionOf } from './workflow-fakes';

const quietMs = 100;
const settlesWithinMs = 240_000;
/** A problem that is still there after this long does not go by itself. */
const problemStaysMs = 60_000;

/** `undefined`: the application has ended. */
export type End = ApplicationStatus | undefined;

/** One life of one story. */
export class ModelRun {
  readonly world: World;
  /** The activities of the story itself. */
  told: readonly StepName[] = [];

  constructor(
    private readonly client: WorkflowClient,
    readonly name: string,
    readonly story: Story,
  ) {
    this.world = new World(name, story.strategy, (revision) => void this.observe(revision));
  }

  get handle() {
    return this.client.getHandle<typeof application>(applicationId(this.name));
  }

  get rollout() {
    const key = { cluster: modelCluster, namespace: this.name, kind: 'Deployment', name: 'web' };
    return this.client.getHandle<typeof rollout>(rolloutWorkflowId(key));
  }

  /** The application is there, idle, with what the story begins with. */
  async start(past: Past | undefined): Promise<void> {
    const { spec } = this.world;
    if (past !== undefined) this.world.continueFrom(past);
    else this.world.begin();
    await this.client.start<typeof application>('application', {
      workflowId: applicationId(this.name),
      taskQueue: workflowQueue,
      args: [past === undefined ? { spec } : { spec, state: past.state }],
    });
    await this.settled();
  }

  /** Tells the story, with what is done to its activities, and looks what is left of it. */
  async tell(ends: 'as told' | 'anyhow'): Promise<readonly string[]> {
    this.world.begin();
    await this.story.begin(this);
    const end = await this.settled();
    this.told = [...this.world.steps];
    if (end === undefined) return this.afterDeletion();
    const faults = finalFaults(this.world, end);
    if (ends === 'as told') faults.push(...otherEnd(this.story, this.world));
    return [...faults, ...(await this.wayOut()), ...(await this.faults())];
  }

  /** A good commit brings everything to rest, whatever was before. */
  private async wayOut(): Promise<readonly string[]> {
    const { git, cluster } = this.world;
    git.push('v9', { versions: { web: 'web-9' } });
    const end = await this.settled();
    if (end === undefined) return ['a good commit ended the application'];
    const { sync, health, state } = end;
    const isOut = sync === 'Synced' && health === 'Healthy' && state.synced === revisionOf('v9');
    const stable = cluster.of('web').stable;
    return [
      ...(isOut ? [] : [`no way out: a good commit leaves it ${sync}, ${health}: ${end.message}`]),
      ...(stable === 'web-9' ? [] : [`a good commit leaves ${stable} running`]),
      ...cluster.left(),
    ];
  }

  private async afterDeletion(): Promise<readonly string[]> {
    this.world.end();
    await sleep(quietMs * 3);
    return [...this.world.cluster.left(), ...(await this.faults())];
  }

  private async faults(): Promise<readonly string[]> {
    return [...this.world.violations, ...(await historyFaults(this.client, this.world))];
  }

  /** Waits until nothing more comes by itself. A rollout that a person has paused is resumed, once nothing else goes on. */
  async settled(): Promise<End> {
    const giveUp = Date.now() + settlesWithinMs;
    let troubledSince: number | undefined;
    for (;;) {
      if (this.world.isQuiet(quietMs)) {
        const status = await this.status();
        if (status === undefined) return undefined;
        if (Date.now() > giveUp) {
          this.world.violate(`never settled: ${status.message}; ${status.operation?.kind ?? 'no operation'}`);
          return status;
        }
        if (status.rollouts.length > 0 && (await this.isPaused())) {
          await messages.resume(this);
          continue;
        }
        const { state, operation, rollouts, asks } = status;
        const isIdle =
          !asks &&
          operation === undefined &&
          rollouts.length === 0 &&
          state.head === this.world.git.commits.at(-1)?.revision;
        // A query may overtake a signal: what it told is known here too.
        const isTroubled =
          state.problems.length > 0 || state.compared !== state.head || this.world.cluster.drift.size > 0;
        troubledSince = isIdle && isTroubled ? (troubledSince ?? Date.now()) : undefined;
        if (isIdle && !isTroubled && this.world.isQuiet(quietMs)) return status;
        if (troubledSince !== undefined && Date.now() - troubledSince > problemStaysMs) return status;
      }
      await sleep(100);
    }
  }

  private async status(): Promise<(ApplicationStatus & { readonly asks: boolean }) | undefined> {
    try {
      const status = await this.handle.query(statusQuery);
      // After the query: every message that came before it has been looked at by then.
      const described = await this.handle.describe();
      if (described.status.name !== 'RUNNING') return undefined;
      return { ...status, asks: (described.raw.pendingActivities?.length ?? 0) > 0 };
    } catch (error: unknown) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  private async isPaused(): Promise<boolean> {
    try {
      const { pausedBy, outcome } = await this.rollout.query(rolloutStatusQuery);
      return pausedBy !== undefined && outcome === undefined;
    } catch (error: unknown) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  private async observe(revision: string): Promise<void> {
    const change = { kind: 'revision', revision, branch: 'refs/heads/main' } as const;
    await this.handle.signal(gitChangedSignal, change).catch(() => undefined);
  }
}
