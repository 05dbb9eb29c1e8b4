import { checkMembers, checkRelease } from '../../../src/domain/release/check';
import { declareFrom } from '../../../src/domain/release/declare';
import type { MemberHead } from '../../../src/domain/release/releases-state';
import { defaultReleaseOptions, type Member } from '../../../src/domain/release/spec';

/** `['a<b', 'b@2']`: a depends on b, b has sync-wave 2. */
function membersOf(...texts: readonly string[]): readonly Member[] {
  return texts.map((text) => {
    const [application = '', rest = ''] = text.split('@')[0]?.split('<') ?? [];
    const dependsOn = rest === '' ? [] : rest.split(',');
    return { application, dependsOn, wave: Number(text.split('@')[1] ?? 0) };
  });
}

function headOf(application: string, more: Partial<MemberHead> = {}): MemberHead {
  const told = { branch: 'x#main', head: '1', isBehind: true, isAutomated: true, at: 0 };
  return { application, cluster: 'c1', ...told, ...more };
}

function specOf(members: readonly Member[]) {
  return { name: 'shop', members, options: defaultReleaseOptions };
}

test.each([
  ['no member', [], ['it has no members']],
  ['a member twice', ['a', 'b', 'a'], ['a is a member twice']],
  ['a member that depends on itself', ['a<a'], ['a depends on itself']],
  ['an unknown name', ['a<c'], ['a depends on c, which is no member']],
  ['a cycle of two', ['a<b', 'b<a'], ['a → b → a is a cycle']],
  ['a cycle of three behind another member', ['x<a', 'a<b', 'b<c', 'c<a'], ['a → b → c → a is a cycle']],
  ['two cycles', ['a<b', 'b<a', 'c<d', 'd<c'], ['a → b → a is a cycle', 'c → d → c is a cycle']],
  ['two ways to the same member', ['a<b,c', 'b<d', 'c<d', 'd'], []],
  ['an earlier sync-wave before', ['a<b@1', 'b@0'], []],
  [
    'a dependency on a later sync-wave',
    ['a<b@0', 'b@1'],
    ['a → b → a is a cycle: it depends on b, whose sync-wave 1 comes after its own, 0'],
  ],
] as const)('%s', (_case, texts, messages) => {
  const problems = checkRelease(specOf(membersOf(...texts)));
  expect(problems.map(({ message }) => message)).toEqual(messages);
  for (const each of problems)
    expect(each).toMatchObject({ object: 'Release shop', remedy: expect.any(String) });
});

test('a member that nobody knows is named, and so is one whose cluster has no worker, with who needs it', () => {
  const spec = specOf(membersOf('web<api', 'api<db', 'db', 'mail', 'ads'));
  const heads = {
    web: headOf('web'),
    api: headOf('api'),
    db: headOf('db', { cluster: 'c2' }),
    ads: headOf('ads'),
  };
  const { cluster: _cluster, ...lost } = heads.ads;
  const problems = checkMembers(spec, { ...heads, ads: lost }, new Set(['c2']));
  expect(problems.map(({ message }) => message)).toEqual([
    'db: its cluster c2 has no worker (web → api → db)',
    'no application mail has told about itself',
    'ads: its cluster has no worker',
  ]);
});

test('an application that says it belongs to a release whose file does not name it is a problem', () => {
  const membership = { release: 'shop', dependsOn: [], wave: 0 };
  const problems = checkMembers(specOf(membersOf('web')), {
    web: headOf('web'),
    cart: headOf('cart', { membership }),
    other: headOf('other'),
  });
  expect(problems.map(({ value }) => value)).toEqual(['cart']);
});

test('members declare a release by their annotations; options may be said by one of them', () => {
  const read = declareFrom('shop', [
    headOf('web', {
      membership: { release: 'shop', dependsOn: ['api'], wave: 1, options: { bakeMs: 1_000, parallel: 2 } },
    }),
    headOf('api', { membership: { release: 'shop', dependsOn: [], wave: 0, options: { parallel: 2 } } }),
    headOf('left-over'),
  ]);
  expect(read).toEqual({
    ok: true,
    value: {
      name: 'shop',
      members: membersOf('api', 'web<api@1'),
      options: { ...defaultReleaseOptions, bakeMs: 1_000, parallel: 2 },
    },
  });
});

test('members that disagree about options are refused by name', () => {
  const saying = (application: string, options: object) =>
    headOf(application, { membership: { release: 'shop', dependsOn: [], wave: 0, options } });
  const read = declareFrom('shop', [
    saying('web', { mode: 'waves', bakeMs: 1 }),
    saying('api', { mode: 'lockstep', bakeMs: 1 }),
  ]);
  expect(read).toMatchObject({
    ok: false,
    problems: [{ field: 'belay.dev/release-mode', message: 'api and web disagree: lockstep and waves' }],
  });
});
