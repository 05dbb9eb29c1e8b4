import { gather, newerCommit, queuedBehind, takeHead } from '../../../src/domain/release/gather';
import type { MemberHead, ReleasesState } from '../../../src/domain/release/releases-state';

/** `web v2@3s`: behind, told at that second. `web v1@3s out`, `web v2@3s manual`. On branch `a` unless `web b:v2@3s`. */
function stateOf(...texts: readonly string[]): ReleasesState {
  const members = texts.map((text): MemberHead => {
    const [application = '', told = '', mark] = text.split(' ');
    const [place = '', at = '0'] = told.split('@');
    const [head = '', branch = 'a'] = place.split(':').toReversed();
    return {
      ...{ application, branch, head, at: parseInt(at, 10) * 1_000 },
      ...{ isBehind: mark !== 'out', isAutomated: mark !== 'manual' },
    };
  });
  const byName = Object.fromEntries(members.map((each) => [each.application, each]));
  return { number: 0, problems: [], history: [], members: byName };
}

const edges = ['web', 'api', 'db'].map((application) => ({
  ...{ application, dependsOn: application === 'web' ? ['api'] : [], wave: 0 },
}));

test.each([
  ['nothing is behind', ['web v1@0 out'], 9, { kind: 'nothing' }],
  ['one member alone', ['web v2@0'], 0, { kind: 'start', members: ['web'] }],
  ['all have told the same', ['web v2@1', 'api v2@2'], 2, { kind: 'start', members: ['web', 'api'] }],
  ['one has not told', ['web v2@1', 'api v1@0 out'], 2, { kind: 'wait', until: 6_000 }],
  ['nor after 5 s', ['web v2@1', 'api v1@0 out'], 6, { kind: 'start', members: ['web'] }],
  ['one is behind at an older commit', ['web v3@4', 'api v2@1'], 9, { kind: 'start', members: ['web'] }],
  [
    'another branch has not told all',
    ['web v2@1', 'api b:v7@2', 'db b:v6@0 out'],
    3,
    { kind: 'wait', until: 7_000 },
  ],
  ['two branches are complete', ['web v2@1', 'api b:v7@2'], 3, { kind: 'start', members: ['web', 'api'] }],
  ['only somebody who asks brings it out', ['api v2@0 manual'], 9, { kind: 'nothing' }],
] as const)('%s', (_case, texts, second, expected) => {
  expect(gather(stateOf(...texts), edges, second * 1_000)).toEqual(expected);
});

test('what depends on a member that comes out only when asked waits for it, with the reason', () => {
  const gathered = gather(stateOf('web v2@0', 'api v2@0 manual'), edges, 9_000);
  expect(gathered).toMatchObject({ kind: 'nothing', why: expect.stringContaining('api') });
});

test('a revision that went back does not come out again; a newer one does', () => {
  const refused = { web: 'v2' };
  expect(gather({ ...stateOf('web v2@0'), refused }, edges, 9_000)).toEqual({ kind: 'nothing' });
  expect(gather({ ...stateOf('web v3@0'), refused }, edges, 9_000)).toMatchObject({ kind: 'start' });
});

test('a head that is told again keeps its time', () => {
  const state = stateOf('web v2@1');
  const told = state.members['web'] as MemberHead;
  expect(takeHead(state, told, 8_000).members['web']?.at).toBe(1_000);
  expect(takeHead(state, { ...told, head: 'v3' }, 8_000).members['web']?.at).toBe(8_000);
});

test.each([
  ['what is under way is nothing new', ['web v2@0', 'api v1@0 out'], undefined, undefined],
  [
    'a straggler of the same commit',
    ['web v2@0', 'api v2@0'],
    'api: the same commit; it did not tell in time',
    undefined,
  ],
  ['a newer commit', ['web v3@0', 'api v1@0 out'], 'web: a newer commit; release/shop/1 is under way', 'v3'],
  [
    'a commit of another branch',
    ['web v2@0', 'api b:v2@0'],
    'api: a newer commit; release/shop/1 is under way',
    'v2',
  ],
] as const)('beside a release of web at v2: %s', (_case, texts, reason, newer) => {
  const state = {
    ...stateOf(...texts),
    running: { id: 'release/shop/1', since: 0, revisions: { web: 'v2' } },
  };
  expect(queuedBehind(state)).toBe(reason);
  expect(newerCommit(state)).toBe(newer);
});
