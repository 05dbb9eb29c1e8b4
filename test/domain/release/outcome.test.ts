import { takeEnd, takeLoss } from '../../../src/domain/release/outcome';
import type { MemberHead, ReleasesState } from '../../../src/domain/release/releases-state';
import { defaultReleaseOptions } from '../../../src/domain/release/spec';
import type { MemberState, ReleaseState } from '../../../src/domain/release/state';

const place = { repoUrl: 'https://git.example/shop.git', branch: 'refs/heads/main' };
const restores = [{ ...place, paths: ['web'], good: 'v1', bad: 'v2' }];

function state(head: Partial<MemberHead> = {}): ReleasesState {
  const web = {
    application: 'web',
    branch: 'a',
    head: 'v2',
    isBehind: true,
    isAutomated: true,
    at: 0,
    ...head,
  };
  const running = { id: 'release/shop/1', since: 1, revisions: { web: 'v2' } };
  return { number: 1, problems: [], history: [], members: { web }, running };
}

function ended(member: Partial<MemberState>, more: Partial<ReleaseState> = {}): ReleaseState {
  const web: MemberState = {
    ...{ application: 'web', dependsOn: [], wave: 0, revision: 'v2', restores, message: '', since: 0 },
    ...{ want: 'commit', stage: 'committed', ...member },
  };
  const spec = { name: 'shop', members: [], options: defaultReleaseOptions };
  return {
    ...{ id: 'release/shop/1', spec, phase: 'Healthy', message: 'm', since: 0, startedAt: 1, endedAt: 2 },
    ...{ members: { web }, log: [], ...more },
  };
}

const failed = { kind: 'failed', member: 'web', sentence: 's', at: 0 } as const;
const back = { want: 'settle', stage: 'settled' } as const;
const pushed = { ...place, members: ['web'], result: 'pushed', revision: 'r1' } as const;

test('a good release: its members are where they were brought, and it can be undone', () => {
  const next = takeEnd(state(), ended({}));
  expect(next.running).toBeUndefined();
  expect(next.members['web']?.isBehind).toBe(false);
  expect(next.good?.writes).toEqual([
    { ...place, members: ['web'], parts: [{ paths: ['web'], good: 'v1', bad: 'v2' }] },
  ]);
  expect(next.history).toEqual([
    { id: 'release/shop/1', phase: 'Healthy', message: 'm', startedAt: 1, endedAt: 2 },
  ]);
});

test('a failed one: what came back by a revert is at that, and its revision does not come out again by itself', () => {
  const end = ended(back, { phase: 'Degraded', verdict: failed, reverts: [pushed] });
  const next = takeEnd(state({ head: 'r1' }), end);
  expect(next.members['web']?.isBehind).toBe(false);
  expect(next.refused).toEqual({ web: 'v2' });
  expect(next.failed?.writes[0]?.revision).toBe('r1');
  expect(next.good).toBeUndefined();
});

test('a newer head that was told meanwhile stays behind', () => {
  expect(takeEnd(state({ head: 'v3' }), ended({})).members['web']?.isBehind).toBe(true);
});

test('one that a newer commit has ended leaves nothing to retry, and refuses nothing', () => {
  const verdict = { kind: 'superseded', by: 'v3', at: 0 } as const;
  const next = takeEnd(
    state(),
    ended({ want: 'restore', stage: 'restored' }, { phase: 'Degraded', verdict }),
  );
  expect(next.refused).toEqual({});
  expect(next.failed).toBeUndefined();
});

test('an end that is told twice is one entry of the history', () => {
  expect(takeEnd(takeEnd(state(), ended({})), ended({})).history).toHaveLength(1);
});

test('an end that is told late leaves the release that is under way by now', () => {
  const running = { id: 'release/shop/2', since: 3, revisions: { web: 'v3' } };
  expect(takeEnd({ ...state({ head: 'v3' }), running }, ended({})).running).toEqual(running);
});

test('a release that is lost is held, and what it brought does not come out again by itself', () => {
  const next = takeLoss(state(), 'terminated', 9);
  expect(next).toMatchObject({ refused: { web: 'v2' }, history: [{ phase: 'Held', endedAt: 9 }] });
  expect(next.running).toBeUndefined();
});
