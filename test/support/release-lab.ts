import type { QueuedRestore } from '../../src/ports/orchestrator';
import { restoreEndedSignal, type RestoreEnd } from '../../src/messages/application';
import { releaseId, releaseStatusQuery } from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import { beginRelease } from '../../src/domain/release/plan';
import type { MemberHead } from '../../src/domain/release/releases-state';
import { defaultReleaseOptions, type Member, type ReleaseOptions } from '../../src/domain/release/spec';
import type { MemberRestore, ReleaseState } from '../../src/domain/release/state';
import type { Script } from './release-bundle';
import { until } from './until';
import { revisionOf } from './workflow-fakes';
import { WorkflowEnvironment } from './workflow-environment';

const repoUrl = 'https://git.example/shop.git';
const branch = 'refs/heads/main';

/** What Git must go back to for a member. */
export function restoreOf(application: string, more: Partial<MemberRestore> = {}): MemberRestore {
  const [good, bad] = [revisionOf('v1'), revisionOf('v2')];
  return { repoUrl, branch, paths: [`k8s/${application}`], good, bad, ...more };
}

/** `['web', 'api']`: web depends on api. */
export function memberOf(application: string, ...dependsOn: readonly string[]): Member {
  return { application, dependsOn, wave: 0 };
}

export function headOf(application: string, more: Partial<MemberHead> = {}): MemberHead {
  return {
    application,
    cluster: 'c1',
    branch: 'git.example/shop#main',
    head: revisionOf('v2'),
    isBehind: true,
    isAutomated: true,
    at: 0,
    ...more,
  };
}

/** Real `release` and `releases`, with members by script and writers of Git that answer as told. */
export class ReleaseLab {
  /** `requestRestore`s, in order. */
  readonly asked: QueuedRestore[] = [];
  answer: (asked: QueuedRestore) => RestoreEnd | undefined = () => ({
    kind: 'pushed',
    revision: revisionOf('revert'),
    alsoReverted: [],
  });
  unserved: readonly string[] = [];
  private names = 0;

  private constructor(readonly environment: WorkflowEnvironment) {}

  /** On a server that skips time, or a dev server with these settings. */
  static async start(devServer?: readonly string[]): Promise<ReleaseLab> {
    const here = (): ReleaseLab => lab;
    const environment: WorkflowEnvironment = await WorkflowEnvironment.start({
      ...(devServer === undefined ? {} : { devServer }),
      workflowsPath: require.resolve('./release-bundle'),
      control: {
        findUnserved: async ({ clusters }) => clusters.filter((each) => here().unserved.includes(each)),
        describeRelease: async ({ workflowId }) => {
          const described = await environment.client.getHandle(workflowId).describe();
          return described.status.name === 'RUNNING' ? 'running' : 'terminated';
        },
        askWriter: async (asked) => {
          here().asked.push(asked);
          const result = here().answer(asked);
          if (result === undefined) return;
          const to = environment.client.getHandle(asked.replyTo);
          await to.signal(restoreEndedSignal, { requestId: asked.requestId, result });
        },
      },
    });
    const lab = new ReleaseLab(environment);
    return lab;
  }

  get client() {
    return this.environment.client;
  }

  stop(): Promise<void> {
    return this.environment.stop();
  }

  /** A name that no other test uses: applications and releases begin with it. */
  newName(): string {
    this.names += 1;
    this.asked.length = 0;
    this.unserved = [];
    this.answer = () => ({ kind: 'pushed', revision: revisionOf('revert'), alsoReverted: [] });
    return `r${this.names}`;
  }

  /** Starts applications that answer by script. */
  async members(scripts: readonly Script[]): Promise<void> {
    await Promise.all(
      scripts.map((script) =>
        this.client.start('scriptedMember', {
          workflowId: `app/${script.application}`,
          taskQueue: workflowQueue,
          args: [{ restores: [restoreOf(script.application)], ...script }],
        }),
      ),
    );
  }

  /** Starts one release of these members, all behind. */
  async release(name: string, members: readonly Member[], options: Partial<ReleaseOptions> = {}) {
    const id = releaseId(name, 1);
    const spec = { name, members, options: { ...defaultReleaseOptions, ...options } };
    const heads = members.map(({ application }) => headOf(application));
    const state = beginRelease({ id, spec, heads, now: await this.environment.env.currentTimeMs() });
    return this.client.start('release', { workflowId: id, taskQueue: workflowQueue, args: [{ state }] });
  }

  /**
   * How a workflow has ended, in real time: where nothing waits for a timer, a server that skips time would skip while messages are on their
   * way to a slow worker.
   */
  async end(handle: { readonly workflowId: string }): Promise<unknown> {
    const open = this.client.getHandle(handle.workflowId);
    const isOver = async (): Promise<boolean> => (await open.describe()).status.name !== 'RUNNING';
    await until(`${handle.workflowId} has ended`, isOver, 100_000);
    const last = (await open.fetchHistory()).events?.at(-1);
    const { result } = last?.workflowExecutionCompletedEventAttributes ?? {};
    return jsonOf(result); // to ask for the result would let time skip
  }

  /** Waits until the release is so far. */
  async reaches(name: string, fits: (state: ReleaseState) => boolean): Promise<void> {
    await until(`${name} is so far`, async () => fits(await this.status(name)), 100_000);
  }

  status(name: string): Promise<ReleaseState> {
    return this.client.getHandle(releaseId(name, 1)).query(releaseStatusQuery);
  }

  /**
   * What a release did and heard, in the order of its history, over all its lives: `deliver web`, `web: ready`, `git`. Directives that are
   * told again look like the first.
   */
  async story(workflowId: string): Promise<readonly string[]> {
    const { events } = await this.histories(workflowId);
    return events.flat();
  }

  /** Number of events of each of its lives. */
  async sizes(workflowId: string): Promise<readonly number[]> {
    return (await this.histories(workflowId)).sizes;
  }

  private async histories(workflowId: string) {
    const sizes: number[] = [];
    const events: string[][] = [];
    let runId = (await this.client.getHandle(workflowId).describe()).runId as string | undefined;
    while (runId !== undefined && runId !== '') {
      const history = await this.client.getHandle(workflowId, runId).fetchHistory();
      const all = history.events ?? [];
      sizes.unshift(all.length);
      events.unshift(all.flatMap((event) => lineOf(event)));
      runId = all[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
    }
    return { sizes, events };
  }
}

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<WorkflowEnvironment['client']['getHandle']>['fetchHistory']>>['events']
>[number];
type Payloads =
  { readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null } | null | undefined;

function lineOf(event: Event): readonly string[] {
  const sent = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (sent?.signalName === 'directive') {
    const { want, isPaused } = jsonOf(sent.input) as { want: string; isPaused: boolean };
    const to = sent.workflowExecution?.workflowId?.replace('app/', '') ?? '';
    return [`${want}${isPaused ? ' (paused)' : ''} ${to}`];
  }
  const told = event.workflowExecutionSignaledEventAttributes;
  if (told?.signalName === 'memberReport') {
    const { application, stage } = jsonOf(told.input) as { application: string; stage: string };
    return [`${application}: ${stage}`];
  }
  const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
  return activity === 'askWriter' ? ['git'] : [];
}

function jsonOf(input: Payloads): unknown {
  return JSON.parse(Buffer.from(input?.payloads?.[0]?.data ?? []).toString());
}
