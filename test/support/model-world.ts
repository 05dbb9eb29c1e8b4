import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { ApplicationState } from '../../src/domain/application-state';
import type { Strategy } from '../../src/domain/strategy';
import { ModelCluster } from './model-cluster';
import { ModelGit, type Content } from './model-git';
import { revisionOf } from './workflow-fakes';

/** The one cluster of all models: each application has a namespace of its own. */
export const modelCluster = 'model';

/** An activity of a story, as it was asked for: name and how often before, `reachWeight#2`. */
export type StepName = string;

/** What happens to an activity: its fake does this before, instead of or after its effect. */
export type Disturb = (step: StepName, attempt: number, effect: () => Promise<unknown>) => Promise<unknown>;

/** What an application of a model starts from: the end of an earlier one. */
export interface Past {
  readonly state: ApplicationState;
  readonly content: Content;
}

/** One application, its repository and its part of the cluster, all played; what is done to it is noted here. */
export class World {
  readonly violations: string[] = [];
  /** Activities since the story has begun, in the order of their start. */
  readonly steps: StepName[] = [];
  /** Workflow id → run ids that asked for something. */
  readonly runs = new Map<string, Set<string>>();
  readonly git: ModelGit;
  readonly cluster: ModelCluster;
  disturb: Disturb = (_step, _attempt, effect) => effect();
  /** Activities under way that end by themselves, and when one of them began or ended last. */
  private running = 0;
  private lastAt = Date.now();
  private hasBegun = false;
  private isOver = false;
  private readonly counts = new Map<string, number>();
  private readonly named = new Map<string, StepName>();

  constructor(
    readonly name: string,
    readonly strategy: Strategy,
    told: (revision: string) => void,
  ) {
    this.git = new ModelGit(told);
    this.cluster = new ModelCluster((text) => this.violate(text));
  }

  get spec(): ApplicationSpec {
    return {
      name: this.name,
      project: 'default',
      source: {
        repoUrl: `https://git.example/${this.name}.git`,
        path: 'k8s',
        targetRevision: 'main',
        recurse: false,
      },
      destination: { name: modelCluster, namespace: this.name },
      automated: { prune: true, selfHeal: true, allowEmpty: false },
      createNamespace: false,
      revisionHistoryLimit: 10,
      writeBack: 'revert',
    };
  }

  /** As an earlier application of another name has left it. */
  continueFrom({ content }: Past): void {
    this.git.commits.push({ revision: revisionOf('v1'), content });
    for (const [name, version] of Object.entries(content.versions)) this.cluster.of(name).stable = version;
  }

  begin(): void {
    this.hasBegun = true;
  }

  /** Nothing may be written any more. */
  end(): void {
    this.isOver = true;
  }

  violate(text: string): void {
    if (!this.violations.includes(text)) this.violations.push(text);
  }

  /** One name for all attempts of an activity; undefined before the story has begun. */
  stepOf(activity: string, runId: string, activityId: string): StepName | undefined {
    const key = `${runId} ${activityId}`;
    const known = this.named.get(key);
    if (known !== undefined || !this.hasBegun) return known;
    const count = (this.counts.get(activity) ?? 0) + 1;
    this.counts.set(activity, count);
    const step = `${activity}#${count}`;
    this.named.set(key, step);
    this.steps.push(step);
    return step;
  }

  async during<T>(isWrite: boolean, work: () => Promise<T>): Promise<T> {
    if (isWrite && this.isOver) this.violate('written after the end');
    this.running += 1;
    this.lastAt = Date.now();
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.lastAt = Date.now();
    }
  }

  /** Nothing that ends by itself is under way, and has not been for a moment. */
  isQuiet(forMs: number): boolean {
    return this.running === 0 && Date.now() - this.lastAt >= forMs;
  }
}
