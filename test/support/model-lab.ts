import { setTimeout as sleep } from 'node:timers/promises';
import { clusterQueue } from '../../src/messages/queues';
import { modelActivities } from './model-activities';
import type { Content } from './model-git';
import { disturbing, type Event } from './model-faults';
import { ModelRun } from './model-run';
import { stories, type Story } from './model-stories';
import { modelCluster, type Past, type StepName, type World } from './model-world';
import { WorkflowEnvironment } from './workflow-environment';

/** A story with what happens in it. */
export interface Case {
  readonly story: string;
  readonly events: readonly Event[];
}

const stepMs = 500;

const good: Content = { versions: { web: 'web-1' } };

/** One Temporal server, one bundle and one worker for all cases: each has its own application, found by the workflow's id. */
export class ModelLab {
  private readonly worlds = new Map<string, World>();
  private past: Past | undefined;
  private isOpen = true;
  private passing: Promise<void> | undefined;

  private constructor(private readonly environment: WorkflowEnvironment) {}

  static async open(): Promise<ModelLab> {
    const asked: { lab?: ModelLab } = {};
    const find = (name: string): World | undefined => asked.lab?.worlds.get(name);
    const { cluster, git, control } = modelActivities(find, () => environment.client);
    const environment: WorkflowEnvironment = await WorkflowEnvironment.start({ git, control });
    const lab = new ModelLab(environment);
    asked.lab = lab;
    const activities = { activities: cluster, maxConcurrentActivityTaskExecutions: 500 };
    await environment.work(clusterQueue(modelCluster), activities);
    lab.passing = lab.passTime();
    lab.past = await lab.deliverFirst();
    return lab;
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.passing;
    await this.environment.stop();
  }

  /**
   * Time skips when nothing is under way in any case, and only so far as timers of the workflows reach: without bounds it would jump to
   * the years after which the server ends a workflow that waits.
   */
  private async passTime(): Promise<void> {
    while (this.isOpen) {
      await this.environment.env.sleep(stepMs);
      await sleep(20);
    }
  }

  /** The activities of a story when nothing goes wrong; rejects when it does not end as it should. */
  async record(name: string): Promise<readonly StepName[]> {
    const run = await this.start(name, []);
    const faults = await run.tell('as told');
    if (faults.length > 0) throw new Error(`${name}: ${faults.join('; ')}`);
    return run.told;
  }

  /** What is wrong with the end of a case; nothing, if all is well. */
  async faultsOf({ story, events }: Case): Promise<readonly string[]> {
    const run = await this.start(story, events);
    const passes = events.every((each) => each.kind === 'fault' && each.fault !== 'final');
    return run.tell(passes ? 'as told' : 'anyhow');
  }

  private async start(name: string, events: readonly Event[]): Promise<ModelRun> {
    const story = stories[name];
    if (story === undefined) throw new Error(`no story is called ${name}`);
    const run = this.open(story);
    run.world.disturb = disturbing(run, events);
    const past = story.before === undefined ? undefined : this.past;
    await run.start(past);
    return run;
  }

  private open(story: Story): ModelRun {
    const run = new ModelRun(this.environment.client, `m${this.worlds.size + 1}`, story);
    this.worlds.set(run.name, run.world);
    return run;
  }

  /** What all stories but the first begin with. */
  private async deliverFirst(): Promise<Past> {
    const run = this.open({
      strategy: { kind: 'rolling' },
      begin: () => Promise.resolve(),
      ends: { stable: 'web-1', reverts: 0 },
    });
    await run.start(undefined);
    run.world.git.push('v1', good);
    const end = await run.settled();
    if (end === undefined) throw new Error('the first delivery has ended its application');
    return { state: end.state, content: good };
  }
}
