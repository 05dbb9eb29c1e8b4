import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { ApplicationState } from '../../src/domain/application-state';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { Problem } from '../../src/domain/problem';
import type { WindowState } from '../../src/domain/project/window-state';
import type { RevisionPlan, WorkloadPlan } from '../../src/domain/revision-plan';
import {
  applicationId,
  clusterChangedSignal,
  gitChangedSignal,
  restoreEndedSignal,
  type RestoreEnded,
  statusQuery,
} from '../../src/messages/application';
import { workflowQueue } from '../../src/messages/queues';
import { rolloutWorkflowId } from '../../src/messages/rollout';
import type { RestoreRequest } from '../../src/ports/git';
import type { application, rollout } from '../../src/workflows';
import { eventually, type WorkflowEnvironment } from './workflow-environment';
import { type FakeCluster, revisionOf, type Scripts, shortOf } from './workflow-fakes';
import { canary } from './workflow-rollouts';

/** Workload → version key. */
export type Versions = Readonly<Record<string, string>>;

interface ShopOptions {
  readonly scripts?: Scripts;
  readonly spec?: Partial<ApplicationSpec>;
  readonly state?: ApplicationState;
  readonly workload?: Partial<WorkloadPlan>;
  /** How the branch's writer answers; by default the revert `r1`, `r2` … has the content of the good revision. */
  readonly restore?: (request: RestoreRequest, shop: Shop) => RestoreEnded['result'] | undefined;
}

/** An application with its Git repository and its cluster, both played by the test; its rollouts are real workflows. */
export class Shop {
  /** Revision (short) → what it holds. */
  readonly contents: Record<string, Versions | readonly Problem[]> = {};
  readonly restores: RestoreRequest[] = [];
  /** What else the revisions that are read from now on say: their steps, the hash of their manifests. */
  more: Partial<RevisionPlan> = {};
  /** Of the project, when a revision is read from now on. */
  window: WindowState | undefined;
  /** What the revisions that are read from now on say of each workload. */
  workload: { restartAt?: string } & Partial<WorkloadPlan> = {};

  constructor(
    readonly environment: WorkflowEnvironment,
    readonly cluster: FakeCluster,
    readonly spec: ApplicationSpec,
  ) {}

  get handle() {
    return this.environment.client.getHandle<typeof application>(applicationId(this.spec.name));
  }

  rollout(name = 'web') {
    const key = { cluster: this.cluster.id, namespace: 'shop', kind: 'Deployment', name };
    return this.environment.client.getHandle<typeof rollout>(rolloutWorkflowId(key));
  }

  /** A commit arrives at the tracked branch. */
  async push(short: string, holds: Versions | readonly Problem[]): Promise<void> {
    this.contents[short] = holds;
    await this.head(short);
  }

  /** The observer tells what the branch names now. */
  async head(short: string, branch: string | undefined = 'refs/heads/main'): Promise<void> {
    const revision = revisionOf(short);
    await this.handle.signal(gitChangedSignal, {
      kind: 'revision',
      revision,
      ...(branch === undefined ? {} : { branch }),
    });
  }

  async drift(...objects: readonly string[]): Promise<void> {
    await this.handle.signal(clusterChangedSignal, { objects });
  }

  status(): Promise<ApplicationStatus> {
    return this.handle.query(statusQuery);
  }

  until(fits: (status: ApplicationStatus) => boolean): Promise<ApplicationStatus> {
    return eventually(() => this.status(), fits);
  }

  /** Idle, after having looked at this revision. */
  settled(short: string): Promise<ApplicationStatus> {
    return this.until(
      ({ state, operation }) => operation === undefined && state.compared === revisionOf(short),
    );
  }

  /** Healthy and equal to Git at this revision. */
  async synced(short: string): Promise<ApplicationStatus> {
    const revision = revisionOf(short);
    return eventually(
      () => this.status(),
      ({ sync, health, state, operation }) =>
        operation === undefined && sync === 'Synced' && health === 'Healthy' && state.synced === revision,
    );
  }

  asked(line: string): Promise<unknown> {
    return eventually(
      () => this.cluster.trace,
      (trace) => trace.includes(line),
    );
  }

  /** Effects since the last call. */
  news(): readonly string[] {
    const all = this.cluster.effects;
    const news = all.slice(this.seen);
    this.seen = all.length;
    return news;
  }
  private seen = 0;
}

/** Starts an application that has nothing yet. */
export async function openShop(environment: WorkflowEnvironment, options: ShopOptions = {}): Promise<Shop> {
  const id = environment.newClusterId();
  const shops: Shop[] = [];
  const cluster = await environment.cluster(
    {
      planRevision: ({ revision }) => planOf(shops[0], revision),
      requestRestore: async ({ requestId, replyTo, request }) => {
        const shop = shops[0];
        if (shop === undefined) return;
        shop.restores.push(request);
        const result = (options.restore ?? revert)(request, shop);
        if (result === undefined) return;
        await environment.client.getHandle(replyTo).signal(restoreEndedSignal, { requestId, result });
      },
      ...options.scripts,
    },
    id,
  );
  const spec = { ...applicationSpec(id), ...options.spec };
  const shop = new Shop(environment, cluster, spec);
  shop.workload = { ...options.workload };
  shops.push(shop);
  await environment.client.start<typeof application>('application', {
    workflowId: applicationId(spec.name),
    taskQueue: workflowQueue,
    args: [options.state === undefined ? { spec } : { spec, state: options.state }],
  });
  return shop;
}

/** An application that is Healthy at `v1`. */
export async function openGoodShop(
  environment: WorkflowEnvironment,
  options: ShopOptions = {},
): Promise<Shop> {
  const shop = await openShop(environment, options);
  await shop.push('v1', { web: 'web-1' });
  await shop.synced('v1');
  shop.news();
  return shop;
}

/** The default answer of the branch's writer. */
export function revert({ goodRevision }: RestoreRequest, shop: Shop): RestoreEnded['result'] {
  const short = `r${shop.restores.length}`;
  shop.contents[short] = shop.contents[shortOf(goodRevision)] ?? {};
  return { kind: 'pushed', revision: revisionOf(short) };
}

/** What the shop's repository holds at a revision, as reading it answers. */
export function planOf(shop: Shop | undefined, revision: string) {
  const holds = shop?.contents[shortOf(revision)] ?? {};
  if (isProblems(holds)) return { kind: 'refused' as const, problems: holds };
  const workloads = Object.entries(holds).map(([name, version]) => ({
    kind: 'Deployment' as const,
    name,
    namespace: 'shop',
    version,
    strategy: canary([{ kind: 'setWeight', weight: 20 }]),
    progressDeadlineMs: 600_000,
    exists: true,
    ...shop?.workload,
  }));
  const tree = `tree of ${JSON.stringify(holds)}`;
  const planned = { revision, tree, objects: workloads.length, workloads, ...shop?.more };
  const window = shop?.window === undefined ? {} : { window: shop.window };
  return { kind: 'planned' as const, plan: planned, ...window };
}

function isProblems(holds: Versions | readonly Problem[]): holds is readonly Problem[] {
  return Array.isArray(holds);
}

function applicationSpec(cluster: string): ApplicationSpec {
  return {
    name: `shop-${cluster}`,
    project: 'default',
    source: {
      repoUrl: `https://git.example/${cluster}.git`,
      path: 'k8s',
      targetRevision: 'main',
      recurse: false,
    },
    destination: { name: cluster, namespace: 'shop' },
    automated: { prune: true, selfHeal: true, allowEmpty: false },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
  };
}
