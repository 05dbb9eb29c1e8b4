import type { Directive, MemberReport, MemberStage } from '../../src/domain/release/state';
import type { RolloutOutcome } from '../../src/domain/rollout-status';
import { directiveSignal, releaseId } from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import { listener, stopSignal, toldQuery } from './workflow-bundle';
import { heardQuery, playSignal, vanishSignal } from './workflow-member-bundle';
import { eventually, type WorkflowEnvironment } from './workflow-environment';
import { revisionOf } from './workflow-fakes';
import { openShop, type Shop } from './workflow-shop';

type ShopOptions = NonNullable<Parameters<typeof openShop>[1]>;

/** A shop that belongs to a release, which the test plays: it notes the member's reports, and says what the test says. */
export class Member {
  number = 1;

  constructor(
    readonly shop: Shop,
    readonly name: string,
  ) {}

  private get client() {
    return this.shop.environment.client;
  }

  get release(): string {
    return releaseId(this.name, this.number);
  }

  /** Another release of the same name begins. */
  async next(): Promise<void> {
    this.number += 1;
    await this.startRelease();
  }

  async startRelease(): Promise<void> {
    await this.client.start(listener, { workflowId: this.release, taskQueue: workflowQueue });
  }

  /** The release's workflow ends. */
  async endRelease(): Promise<void> {
    const handle = this.client.getHandle(this.release);
    await handle.signal(stopSignal);
    // Not by its result: to wait for one sets the server's clock far ahead.
    await eventually(
      () => handle.describe(),
      ({ status }) => status.name !== 'RUNNING',
    );
  }

  async tell(want: Directive['want'], short = 'v2', more: Partial<Directive> = {}): Promise<void> {
    const directive = { release: this.release, want, revision: revisionOf(short) };
    await this.shop.handle.signal(directiveSignal, {
      ...{ isPaused: false, isLockstep: false },
      ...directive,
      ...more,
    });
  }

  /** The same, until it has answered. */
  async tellAndHear(want: Directive['want']): Promise<void> {
    const before = (await this.reports()).length;
    await this.tell(want);
    await eventually(
      () => this.reports(),
      (reports) => reports.length > before,
    );
  }

  async reports(): Promise<readonly MemberReport[]> {
    return (await this.client.getHandle(this.release).query(toldQuery)) as readonly MemberReport[];
  }

  /** The newest report, once it is of this stage. */
  async reported(
    stage: MemberStage,
    fits: (report: MemberReport) => boolean = () => true,
  ): Promise<MemberReport> {
    const all = await eventually(
      () => this.reports(),
      (reports) => reports.some((each) => each.stage === stage && fits(each)),
    );
    return all.findLast((each) => each.stage === stage && fits(each)) as MemberReport;
  }

  /** The stages that it has told, each once in a row. */
  async stages(): Promise<readonly MemberStage[]> {
    const stages = (await this.reports()).map(({ stage }) => stage);
    return stages.filter((stage, index) => stage !== stages[index - 1]);
  }

  heard(workload = 'web'): Promise<readonly string[]> {
    return this.shop.rollout(workload).query(heardQuery);
  }

  /** Makes a rollout fail, or end by a person. */
  async play(outcome: RolloutOutcome, workload = 'web'): Promise<void> {
    await this.shop.rollout(workload).signal(playSignal, outcome);
  }

  /** A rollout's workflow ends without a word, as by a termination. */
  async vanish(workload = 'web'): Promise<void> {
    await this.shop.rollout(workload).signal(vanishSignal);
  }

  /** Delivers a revision up to the gate. */
  async ready(short = 'v2'): Promise<MemberReport> {
    await this.tell('deliver', short);
    return this.reported('ready');
  }

  /** What `releases` was told. */
  get told() {
    return this.shop.cluster.inputs('tellReleases').map(({ release, member }) => ({ release, ...member }));
  }
}

/** Member options of a shop. */
export interface MemberOptions extends ShopOptions {
  /** What the first release brings; it is good. */
  readonly first?: Readonly<Record<string, string>>;
  /** Nothing was ever delivered. */
  readonly isNew?: boolean;
}

/** A member that is Healthy at `v1`, which an earlier release has brought; its Git says `v2`. */
export async function openMember(
  environment: WorkflowEnvironment,
  { first = { web: 'web-1' }, isNew = false, ...options }: MemberOptions = {},
): Promise<Member> {
  const name = `shop-${environment.newClusterId()}`;
  const membership = { release: name, dependsOn: [], wave: 0 };
  const shop = await openShop(environment, {
    ...options,
    spec: { release: membership, ...options.spec },
  });
  const member = new Member(shop, name);
  await member.startRelease();
  if (isNew) return member;
  await shop.push('v1', first);
  await member.tell('deliver', 'v1');
  await member.reported('ready');
  await member.tell('commit', 'v1');
  await member.reported('committed');
  await member.tell('free', 'v1');
  await shop.until(({ state }) => state.release === undefined);
  await member.endRelease();
  await member.next();
  shop.news();
  return member;
}
