import type { MemberStage, Want } from '../release/state';

/** What a member does next by itself. */
export type MemberAct = 'deliver' | 'commit' | 'takeBack' | 'restore' | 'settle' | 'free';

/** Something of the release may be on its way: it can only be brought out anew, or taken back. */
const begun: readonly MemberStage[] = ['delivering', 'ready'];
/** It has gone back, but for its objects. */
const halfBack: readonly MemberStage[] = ['trafficBack', 'failed'];
/** Nothing goes back any further. */
const back: readonly MemberStage[] = ['trafficBack', 'failed', 'restored', 'settled'];

/**
 * What a member that does nothing at the moment does to get from its stage to what its release wants; undefined: it is there, or
 * cannot get there. What is wanted may have been told without what comes before it, so one act leads to the next.
 */
export function nextAct(want: Want, stage: MemberStage): MemberAct | undefined {
  if (stage === 'gone') return undefined;
  switch (want) {
    case 'deliver':
      return stage === 'waiting' || begun.includes(stage) ? 'deliver' : undefined;
    case 'commit':
      if (stage === 'unchanged') return 'commit';
      return stage === 'waiting' || begun.includes(stage) ? 'deliver' : undefined;
    case 'back':
      return back.includes(stage) ? undefined : 'takeBack';
    case 'restore':
      if (halfBack.includes(stage)) return 'restore';
      return back.includes(stage) ? undefined : 'takeBack';
    case 'settle':
    case 'free':
      if (begun.includes(stage)) return 'takeBack';
      if (halfBack.includes(stage)) return 'restore';
      if (want === 'free') return 'free';
      return stage === 'settled' ? undefined : 'settle';
  }
}
