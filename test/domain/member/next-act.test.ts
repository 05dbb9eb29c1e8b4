import { nextAct } from '../../../src/domain/member/next-act';
import type { MemberStage, Want } from '../../../src/domain/release/state';

const stages: readonly MemberStage[] = [
  ...(['waiting', 'delivering', 'ready', 'unchanged', 'failed'] as const),
  ...(['committed', 'trafficBack', 'restored', 'settled', 'gone'] as const),
];

test.each<[Want, Partial<Record<MemberStage, string>>]>([
  ['deliver', { waiting: 'deliver', delivering: 'deliver', ready: 'deliver' }],
  ['commit', { waiting: 'deliver', delivering: 'deliver', ready: 'deliver', unchanged: 'commit' }],
  [
    'back',
    {
      ...{ waiting: 'takeBack', delivering: 'takeBack', ready: 'takeBack' },
      ...{ unchanged: 'takeBack', committed: 'takeBack' },
    },
  ],
  [
    'restore',
    {
      ...{ waiting: 'takeBack', delivering: 'takeBack', ready: 'takeBack' },
      ...{ unchanged: 'takeBack', committed: 'takeBack', trafficBack: 'restore', failed: 'restore' },
    },
  ],
  [
    'settle',
    {
      ...{ delivering: 'takeBack', ready: 'takeBack', trafficBack: 'restore', failed: 'restore' },
      ...{ waiting: 'settle', unchanged: 'settle', committed: 'settle', restored: 'settle' },
    },
  ],
  [
    'free',
    {
      ...{ delivering: 'takeBack', ready: 'takeBack', trafficBack: 'restore', failed: 'restore' },
      ...{ waiting: 'free', unchanged: 'free', committed: 'free', restored: 'free', settled: 'free' },
    },
  ],
])('what a member does next when %s is wanted depends on how far it is', (want, acts) => {
  const all = Object.fromEntries(stages.map((stage) => [stage, nextAct(want, stage)]));
  const none = Object.fromEntries(stages.map((stage) => [stage, undefined]));
  expect(all).toEqual({ ...none, ...acts });
});
