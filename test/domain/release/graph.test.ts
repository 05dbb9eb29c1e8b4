import { dependentsOf, wavesOf } from '../../../src/domain/release/graph';
import { goesBack, planRelease } from '../../../src/domain/release/plan';
import type { MemberHead } from '../../../src/domain/release/releases-state';
import { defaultReleaseOptions, type Member, type RollbackPolicy } from '../../../src/domain/release/spec';

function member(application: string, dependsOn: readonly string[] = [], wave = 0): Member {
  return { application, dependsOn, wave };
}

const chain = [member('web', ['api']), member('api', ['db']), member('db'), member('mail')];

test.each([
  ['dependencies', chain, [['db', 'mail'], ['api'], ['web']]],
  ['sync-waves', [member('a', [], 2), member('b', [], -1), member('c', [], 2)], [['b'], ['a', 'c']]],
  [
    'both: a later sync-wave comes after the deepest member of an earlier one',
    [member('late', [], 1), member('x', ['y']), member('y')],
    [['y'], ['x'], ['late']],
  ],
  ['a dependency that is no member', [member('a', ['elsewhere'])], [['a']]],
] as const)('waves follow %s', (_case, members, waves) => {
  expect(wavesOf(members)).toEqual(waves);
});

test('members that are not behind leave no empty wave, and the order over them stays', () => {
  expect(wavesOf(chain, new Set(['web', 'db']))).toEqual([['db'], ['web']]);
});

test('dependents are found over several edges, once each', () => {
  const members = [member('a', ['b', 'c']), member('b', ['d']), member('c', ['d']), member('d'), member('e')];
  expect([...dependentsOf(members, ['d'])].toSorted()).toEqual(['a', 'b', 'c']);
});

test.each<[RollbackPolicy, string, readonly string[], readonly string[]]>([
  ['all', 'api', ['db', 'api'], ['api', 'db', 'mail', 'web']],
  ['dependents', 'api', ['db', 'api'], ['api', 'web']],
  ['dependents', 'web', ['db', 'api', 'web'], ['web']],
  ['failed-only', 'db', ['db', 'api', 'web'], ['db']],
  // What has not begun does not begin without what it depends on.
  ['failed-only', 'db', ['db'], ['api', 'db', 'web']],
])(
  'with the policy %s, when %s fails, what goes back after %j had begun',
  (rollback, failed, begun, back) => {
    const spec = { name: 'shop', members: chain, options: { ...defaultReleaseOptions, rollback } };
    expect([...goesBack(spec, failed, (each) => begun.includes(each))].toSorted()).toEqual(back);
  },
);

function headOf(application: string, isBehind: boolean): MemberHead {
  return { application, cluster: 'c1', branch: 'x#main', head: '1', isBehind, isAutomated: true, at: 0 };
}

test('a plan names who comes out, in which order, and the blast radius of each', () => {
  const file = {
    name: 'shop',
    members: chain,
    options: { ...defaultReleaseOptions, rollback: 'dependents' as const },
  };
  const members = Object.fromEntries(chain.map(({ application: a }) => [a, headOf(a, a !== 'mail')]));
  expect(planRelease('shop', { file, members })).toMatchObject({
    ok: true,
    value: {
      waves: [['db'], ['api'], ['web']],
      blast: { db: ['web', 'api', 'db'], api: ['web', 'api'], web: ['web'] },
    },
  });
});

test('100 members are checked and planned within a second', () => {
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const all = names.map((name, index) => member(name, names.slice(Math.max(0, index - 20), index)));
  const file = { name: 'shop', members: all, options: defaultReleaseOptions };
  const members = Object.fromEntries(names.map((name) => [name, headOf(name, true)]));
  const began = performance.now();
  const plan = planRelease('shop', { file, members });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(plan.ok && plan.value.waves).toHaveLength(100);
});
