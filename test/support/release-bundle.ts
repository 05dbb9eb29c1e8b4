import {
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';
import type {
  Directive,
  MemberReport,
  MemberRestore,
  MemberStage,
  Want,
} from '../../src/domain/release/state';
import {
  directiveSignal,
  memberReportSignal,
  weightGrantedSignal,
  weightWantedSignal,
} from '../../src/messages/release';

/** What runs in tests of releases: the real workflows, and members and rollouts that answer by script. */
export * from '../../src/workflows';

/** How a member answers. */
export interface Script {
  readonly application: string;
  /** It is ready when its rollout says so. */
  readonly hasRollout?: boolean;
  /** How long it takes to be ready, milliseconds. */
  readonly deliverMs?: number;
  /** Other answers than the good ones. */
  readonly answers?: { readonly [W in Want]?: MemberStage };
  /** It fails so long after it was ready, unless it was told something else before. */
  readonly failsAfterMs?: number;
  /** So many directives are not heard. */
  readonly deaf?: number;
  readonly restores?: readonly MemberRestore[];
  readonly unwritable?: string;
}

const good: { readonly [W in Exclude<Want, 'free'>]: MemberStage } = {
  deliver: 'ready',
  commit: 'committed',
  back: 'trafficBack',
  restore: 'restored',
  settle: 'settled',
};

const rolledSignal = defineSignal('rolled');
export const heardQuery = defineQuery<readonly Directive[]>('heard');

/** Stands in for an application that is a member: id `app/<name>`. */
export async function scriptedMember(script: Script): Promise<void> {
  const { application, answers = {}, deliverMs = 0, failsAfterMs, deaf = 0, hasRollout = false } = script;
  let isRolled = !hasRollout;
  const heard: Directive[] = [];
  let newest: Directive | undefined;
  let told = 0;
  setHandler(rolledSignal, () => {
    isRolled = true;
  });
  setHandler(heardQuery, () => heard);
  setHandler(directiveSignal, (directive) => {
    heard.push(directive);
    if (heard.length <= deaf) return;
    told += 1;
    newest = directive;
  });
  let stage = 'waiting' as MemberStage;
  const say = async (next: MemberStage, to: string): Promise<void> => {
    stage = next;
    const { restores, unwritable } = script;
    const failure = { code: 'CrashLoop', sentence: 'pod crashes', at: 0 };
    const report: MemberReport = {
      application,
      stage,
      message: `${application} is ${stage}`,
      since: Date.now(),
      ...(stage === 'failed' ? { failure } : {}),
      ...(restores === undefined ? {} : { restores }),
      ...(unwritable === undefined ? {} : { unwritable }),
    };
    await getExternalWorkflowHandle(to)
      .signal(memberReportSignal, report)
      .catch(() => undefined);
  };
  let last: Directive | undefined;
  for (let seen = 0; ;) {
    await condition(() => told > seen);
    seen = told;
    const directive = newest as Directive;
    const { want, release, isPaused } = directive;
    const isNew = last?.want !== want || last.release !== release || last.isPaused !== isPaused;
    last = directive;
    if (want === 'free') continue;
    const goal = answers[want] ?? good[want];
    const isBack = want === 'back' && stage === 'failed'; // traffic goes back before an application says that it failed
    if (!isNew || isBack) {
      await say(stage, release);
      continue;
    }
    if (want === 'deliver') {
      await say('delivering', release);
      if (isPaused) continue;
      await condition(() => isRolled || told > seen);
      if (!isRolled) continue;
      if (deliverMs > 0 && (await condition(() => told > seen, deliverMs))) continue;
    }
    await say(goal, release);
    if (want !== 'deliver' || failsAfterMs === undefined) continue;
    if (!(await condition(() => told > seen, failsAfterMs))) await say('failed', release);
  }
}

/** Stands in for a rollout in lockstep: asks for each weight, then for `done`; answers what it was granted, in order. */
export async function scriptedRollout(input: {
  readonly release: string;
  readonly application: string;
  readonly weights: readonly number[];
  readonly rollout: string;
}): Promise<readonly string[]> {
  const { release, application, weights, rollout } = input;
  const trace: string[] = [];
  let granted = 0;
  setHandler(weightGrantedSignal, ({ weight }) => {
    granted = weight;
  });
  const to = getExternalWorkflowHandle(release);
  for (const weight of weights) {
    await to.signal(weightWantedSignal, { rollout, application, weight });
    await condition(() => granted >= weight);
    trace.push(`${weight} at ${granted}`);
  }
  await to.signal(weightWantedSignal, { rollout, application, weight: 'done' });
  await getExternalWorkflowHandle(`app/${application}`).signal(rolledSignal);
  return trace;
}
