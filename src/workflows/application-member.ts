import type { MemberAct } from '../domain/member/next-act';
import { nextAct } from '../domain/member/next-act';
import { goOnAlone } from './application-member-alone';
import { restoreMember, takeBack } from './application-member-back';
import { deliverMember } from './application-member-deliver';
import { answer, report } from './application-member-report';
import { holdOpen, settleMember } from './application-member-settle';
import { mirror } from './application-mirror';
import type { ApplicationRun } from './application-run';

const tryAgainMs = 30_000;

/**
 * What the release that decides for this application wants of it now, and has not got; undefined: nothing, or it waits until something
 * that did not answer is tried again.
 */
export function memberWork({ state, member, retry }: ApplicationRun): MemberAct | 'alone' | undefined {
  const { release, cluster } = state;
  if (release === undefined || cluster === undefined) return undefined;
  if (member.lost !== undefined) return 'alone';
  const act = nextAct(release.directive.want, release.report.stage);
  const isTriedLater = act === 'deliver' || act === 'restore' || act === 'settle';
  return isTriedLater && retry !== undefined ? undefined : act;
}

/** Does it, and tells the release. What could not be done is tried again. */
export async function actAsMember(run: ApplicationRun, act: MemberAct | 'alone'): Promise<void> {
  await acts[act](run);
  if (memberWork(run) === act && act !== 'deliver') run.retry ??= { at: Date.now() + tryAgainMs };
}

const acts: Readonly<Record<MemberAct | 'alone', (run: ApplicationRun) => Promise<void>>> = {
  deliver: deliverAgain,
  commit: async (run) => {
    report(run, 'committed', 'it brought nothing new');
    await mirror(run);
  },
  takeBack: async (run) => {
    await takeBack(run);
    await mirror(run);
  },
  restore: restoreMember,
  settle: async (run) => {
    await settleMember(run);
    await mirror(run);
  },
  free: async (run) => {
    answer(run);
    holdOpen(run);
    run.drop('release');
    await mirror(run);
  },
  alone: goOnAlone,
};

/** Where it could not be brought out, and nothing says when it can be, it is tried again soon. */
async function deliverAgain(run: ApplicationRun): Promise<void> {
  await deliverMember(run);
  if (memberWork(run) === 'deliver' && run.state.release?.report.stage === 'delivering')
    run.retry ??= { at: Date.now() + tryAgainMs };
}
