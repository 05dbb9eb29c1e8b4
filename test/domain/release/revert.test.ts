import { decide } from '../../../src/domain/release/decide';
import { directiveOf } from '../../../src/domain/release/directive';
import { beginRelease } from '../../../src/domain/release/plan';
import { takeReport } from '../../../src/domain/release/report';
import { groupRestores, settledAt } from '../../../src/domain/release/revert';
import { openWrites, written } from '../../../src/domain/release/roll-back';
import { defaultReleaseOptions } from '../../../src/domain/release/spec';
import type {
  MemberRestore,
  MemberState,
  ReleaseRevert,
  ReleaseState,
} from '../../../src/domain/release/state';

const shop = { repoUrl: 'https://git.example/shop.git', branch: 'refs/heads/main' };
const infra = { repoUrl: 'https://git.example/infra.git', branch: 'refs/heads/main' };

function restore(path: string, more: Partial<MemberRestore> = {}): MemberRestore {
  return { ...shop, paths: [path], good: 'v1', bad: 'v2', ...more };
}

function member(application: string, restores: readonly MemberRestore[]): MemberState {
  return {
    application,
    restores,
    dependsOn: [],
    wave: 0,
    revision: 'v2',
    stage: 'restored',
    message: '',
    since: 0,
  };
}

test('restores of a branch are one write: a part for each pair of revisions, however the URL is spelled', () => {
  const writes = groupRestores([
    member('a', [restore('k8s/a')]),
    member('b', [restore('k8s/b', { repoUrl: 'https://GIT.example/shop' })]),
    member('c', [restore('k8s/c', { good: 'v0' }), restore('base', { ...infra, good: 'i1', bad: 'i2' })]),
    member('d', [restore('k8s/a/overlay')]),
  ]);
  expect(writes).toEqual([
    {
      ...shop,
      members: ['a', 'b', 'c', 'd'],
      parts: [
        { paths: ['k8s/a', 'k8s/b'], good: 'v1', bad: 'v2' },
        { paths: ['k8s/c'], good: 'v0', bad: 'v2' },
      ],
    },
    { ...infra, members: ['c'], parts: [{ paths: ['base'], good: 'i1', bad: 'i2' }] },
  ]);
});

test('one member that wants a pull request makes it one for all; labels and reviewers of all count', () => {
  const proposal = { labels: ['x'], reviewers: ['anna'], autoMerge: true };
  const [write] = groupRestores([
    member('a', [restore('a', { proposal: { ...proposal, when: 'if-refused' } })]),
    member('b', [
      restore('b', { proposal: { when: 'always', labels: ['y'], reviewers: [], autoMerge: false } }),
    ]),
    member('c', [restore('c')]),
  ]);
  expect(write?.proposal).toEqual({
    when: 'always',
    labels: ['x', 'y'],
    reviewers: ['anna'],
    autoMerge: false,
  });
});

/** A release of a and b whose objects are back; a has failed. */
function restored(told: Readonly<Record<string, Partial<MemberState>>> = {}): ReleaseState {
  const members = ['a', 'b'].map((application) => ({ application, dependsOn: [], wave: 0 }));
  const heads = members.map(({ application }) => ({
    ...{ application, branch: 'x#main', head: 'v2', isBehind: true, isAutomated: true, at: 0 },
  }));
  const spec = { name: 'shop', members, options: defaultReleaseOptions };
  let state = decide(beginRelease({ id: 'release/shop/1', spec, heads, now: 0 }), 0);
  const stages = ['a failed', 'a trafficBack', 'b trafficBack', 'a restored', 'b restored'] as const;
  for (const text of stages) {
    const [application = '', stage] = text.split(' ') as [string, MemberState['stage']];
    const facts = { restores: [restore(`k8s/${application}`)], ...told[application] };
    state = decide(takeReport(state, { application, stage, message: 'no', since: 0, ...facts }, 0), 0);
  }
  return state;
}

function answered(state: ReleaseState, ...reverts: readonly Partial<ReleaseRevert>[]): ReleaseState {
  return reverts.reduce<ReleaseState>(
    (now, each) => decide(written(now, { ...shop, members: ['a', 'b'], result: 'pushed', ...each }, 0), 0),
    state,
  );
}

test('Git is asked when all objects are back, and members settle at what it names then', () => {
  const state = restored();
  expect(openWrites(state).map(({ members }) => members)).toEqual([['a', 'b']]);
  const pushed = answered(state, { revision: 'r1' });
  expect(openWrites(pushed)).toEqual([]);
  const wants = Object.values(pushed.members).map((each) => directiveOf(pushed, each));
  expect(wants).toMatchObject([
    { want: 'settle', revision: 'r1' },
    { want: 'settle', revision: 'r1' },
  ]);
});

test.each<[string, Partial<ReleaseRevert>, string, string]>([
  ['a fix on top', { result: 'superseded', revision: 'v3' }, 'Degraded', 'rolled back'],
  ['a refusal', { result: 'refused', why: 'protected' }, 'Held', 'refused the revert: protected'],
  ['a pull request', { result: 'proposed', revision: 'p', why: 'https://pr/7' }, 'Held', 'https://pr/7'],
])('%s: nobody settles, and it ends', (_case, revert, phase, text) => {
  const state = answered(restored(), revert);
  expect(state.phase).toBe(phase);
  expect(state.message).toContain(text);
});

test('nothing to revert where the failed member has not changed: a person must push a fix', () => {
  const state = answered(restored(), { result: 'already', revision: 'v2' });
  const ended = ['a', 'b'].reduce(
    (now, application) =>
      decide(takeReport(now, { application, stage: 'settled', message: '', since: 0 }, 0), 0),
    state,
  );
  expect(ended).toMatchObject({ phase: 'Held', message: expect.stringContaining('push a fix') });
});

test('members whose Git must not be written are no part of the commit, and hold the release with the reason', () => {
  const state = restored({ b: { unwritable: 'write-back is off' } });
  expect(openWrites(state).map(({ members }) => members)).toEqual([['a']]);
  const settled = takeReport(
    answered(state, { members: ['a'], revision: 'r1' }),
    {
      ...{ application: 'a', stage: 'settled', message: '', since: 0 },
    },
    0,
  );
  expect(decide(settled, 0)).toMatchObject({
    phase: 'Held',
    message: expect.stringContaining('b: write-back is off'),
  });
});

test('a member of several sources settles at a revision for each that was written', () => {
  const state = restored({
    a: {
      pins: ['i2', 'chart'],
      restores: [restore('k8s/a'), restore('base', { ...infra, good: 'i1', bad: 'i2' })],
    },
  });
  const a = { ...(state.members['a'] as MemberState), pins: ['i2', 'chart'] };
  const both = { ...state, members: { ...state.members, a } };
  const written2 = answered(both, { revision: 'r1' }, { ...infra, members: ['a'], revision: 'r2' });
  expect(settledAt(written2, a)).toEqual({ revision: 'r1', pins: ['r2', 'chart'] });
});
