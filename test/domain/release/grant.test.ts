import { grantedTo, granting, grantOf, takeWish } from '../../../src/domain/release/grant';
import { defaultReleaseOptions } from '../../../src/domain/release/spec';
import type { MemberStage, MemberState, ReleaseState, Want } from '../../../src/domain/release/state';

/** `web deliver ready` for each member. */
function releaseOf(...texts: readonly string[]): ReleaseState {
  const members = texts.map((text): readonly [string, MemberState] => {
    const [application = '', want, stage] = text.split(' ') as [string, Want, MemberStage];
    return [
      application,
      { application, want, stage, dependsOn: [], wave: 0, revision: '', message: '', since: 0 },
    ];
  });
  return {
    ...{ id: 'r', phase: 'Progressing', message: '', since: 0, startedAt: 0, log: [] },
    spec: { name: 'shop', members: [], options: { ...defaultReleaseOptions, mode: 'lockstep' } },
    members: Object.fromEntries(members),
  };
}

/** `web/1 20`: this rollout of web wants 20. */
function wanting(state: ReleaseState, ...wishes: readonly string[]): ReleaseState {
  return wishes.reduce((now, text) => {
    const [rollout = '', weight] = text.split(' ');
    const [application = ''] = rollout.split('/');
    return takeWish(now, { rollout, application, weight: weight === 'done' ? 'done' : Number(weight) });
  }, state);
}

const two = ['web deliver delivering', 'api deliver delivering'];

test.each([
  ['one has not asked', two, ['web/1 20'], undefined],
  ['all have asked: the smallest', two, ['web/1 20', 'api/1 50'], 20],
  ['two rollouts of one member', two, ['web/1 20', 'web/2 10', 'api/1 50'], 10],
  ['one is done', two, ['web/1 20', 'web/2 done', 'api/1 50'], 20],
  [
    'a member that is out holds nobody up',
    ['web deliver ready', 'api deliver delivering'],
    ['web/1 5', 'api/1 50'],
    50,
  ],
  [
    'one without rollouts is not out yet',
    [...two, 'job deliver delivering'],
    ['web/1 20', 'api/1 50'],
    undefined,
  ],
  [
    'one that goes back does not count',
    ['web back failed', 'api deliver delivering'],
    ['web/1 5', 'api/1 50'],
    50,
  ],
])('granted when %s', (_case, members, wishes, weight) => {
  expect(grantOf(wanting(releaseOf(...members), ...wishes))).toBe(weight);
});

test('nothing is granted while it is paused, and a weight that was granted stays', () => {
  const asked = granting(wanting(releaseOf(...two), 'web/1 20', 'api/1 50'));
  expect(asked.lockstep?.granted).toBe(20);
  expect(grantedTo(asked)).toEqual(['web/1']);
  const paused = { ...asked, pausedBy: { by: 'anna', since: 0 } };
  expect(grantOf(paused)).toBeUndefined();
  expect(grantedTo(paused)).toEqual([]);
  // A rollout that begins later asks for less: it is granted at once, and the others are not held back.
  expect(granting(wanting(asked, 'web/2 5')).lockstep?.granted).toBe(20);
  expect(grantedTo(wanting(asked, 'web/2 5'))).toEqual(['web/1', 'web/2']);
});
