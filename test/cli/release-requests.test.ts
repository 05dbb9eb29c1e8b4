import { ClientError, type PlannedRelease, type ReleaseStatus } from '../../src/client';
import { defaultReleaseOptions, type ReleaseSpec } from '../../src/domain/release/spec';
import { bad, good, minutesAgo } from '../client/fixtures/statuses';
import { goneBack, over, releaseStatus, releasesState, releasing } from './release-fixtures';
import { runCli } from './run-cli';

type Call = readonly [method: string, ...args: readonly unknown[]];

/** A client that notes its calls and accepts everything. */
function noting(recorded = false) {
  const calls: Call[] = [];
  const note =
    (method: string) =>
    async (...args: readonly unknown[]) => {
      calls.push([method, ...args]);
      return { message: `${method} accepted`, recorded };
    };
  const methods = ['pause', 'resume', 'promote', 'abort', 'retry', 'undo', 'start', 'drop'];
  const releases = Object.fromEntries(methods.map((method) => [method, note(method)]));
  return { client: releasing(releases), calls };
}

test.each<[string, Call]>([
  ['release pause shop', ['pause', 'shop', {}]],
  ['release pause shop/3 --reason lunch', ['pause', 'shop/3', { reason: 'lunch' }]],
  ['release resume shop', ['resume', 'shop', {}]],
  ['release promote shop', ['promote', 'shop', {}]],
  ['release abort shop --reason slow', ['abort', 'shop', { reason: 'slow' }]],
  ['release start shop', ['start', 'shop', {}]],
  ['release retry shop --reason again', ['retry', 'shop', { reason: 'again' }]],
  ['release undo shop', ['undo', 'shop', {}]],
  ['release delete shop', ['drop', 'shop', {}]],
])('`belay %s` asks for exactly that', async (line, call) => {
  const { client, calls } = noting();
  expect(await runCli(line, client)).toEqual({ code: 0, out: `${call[0]} accepted\n`, err: '' });
  expect(calls).toEqual([call]);
});

test('marks an abort that is only recorded', async () => {
  expect((await runCli('release abort shop', noting(true).client)).out).toBe('⚠ abort accepted\n');
});

/** A client that accepts a start and whose release then goes through these statuses. */
function going(before: ReleaseStatus, ...statuses: readonly ReleaseStatus[]) {
  return releasing({
    status: async () => before,
    start: async () => ({ message: 'what is behind comes out', recorded: false }),
    waitFor: async (name, predicate, { timeoutMs }) => {
      const found = statuses.find(predicate);
      if (found !== undefined) return found;
      throw new ClientError('TimedOut', `release ${name} was not there after ${timeoutMs / 1_000} s`);
    },
  });
}

const before = { name: 'shop', releases: { ...over, number: 2 } };
const healthy = { phase: 'Healthy', message: '4 members released', endedAt: minutesAgo(0) } as const;

test('waits for the release that a start brings about, not for the one before', async () => {
  const old = releaseStatus({ ...healthy, id: 'release/shop/2' }, { ...over, number: 2 });
  const { code, out } = await runCli(
    'release start shop --wait',
    going(before, old, releaseStatus(), releaseStatus(healthy)),
  );
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'what is behind comes out',
    'shop/2: ✔ Healthy: 4 members released',
    'shop/3: ◌ Progressing: wave 2 of 3: 1 of 4 members are out; coming out: api, cart',
    'shop/3: ✔ Healthy: 4 members released',
    '',
  ]);
});

test('ends with 1 when the release that was waited for goes back', async () => {
  expect((await runCli('release start shop --wait', going(before, goneBack()))).code).toBe(1);
});

test.each(['Healthy', 'Degraded'] as const)(
  'takes the end from the history when the next release runs already: %s',
  async (phase) => {
    const [entry] = releasesState().history;
    if (entry === undefined) throw new Error('no history');
    const history = [{ ...entry, id: 'release/shop/3', phase }];
    const next = releaseStatus({ id: 'release/shop/4' }, releasesState({ number: 4, history }));
    const { code } = await runCli('release start shop --wait', going(before, next));
    expect(code).toBe(phase === 'Healthy' ? 0 : 1);
  },
);

test('ends with 1, and the answer, when nothing comes of it', async () => {
  const answer = { at: minutesAgo(0), text: 'nothing comes out: no member is behind what Git says' };
  const answered = { name: 'shop', releases: { ...over, number: 2, answer } };
  const { code, out } = await runCli('release start shop --wait', going(before, answered));
  expect(code).toBe(1);
  expect(out).toContain('shop: nothing comes out: no member is behind what Git says\n');
});

test('waits on while Git cannot be written and it is tried again', async () => {
  const answer = { at: minutesAgo(0), text: 'Git cannot be written now', isPassing: true } as const;
  const passing = { name: 'shop', releases: { ...over, number: 2, answer } };
  const { code } = await runCli('release start shop --wait', going(before, passing, releaseStatus(healthy)));
  expect(code).toBe(0);
});

test('ends with 3 when the release does not end in time', async () => {
  const { code, err } = await runCli(
    'release start shop --wait --timeout 5s',
    going(before, releaseStatus()),
  );
  expect({ code, err }).toEqual({ code: 3, err: 'error: release shop was not there after 5 s\n' });
});

const showing = (status: ReleaseStatus) => releasing({ status: async () => status });

test.each<[string, string, ReleaseStatus, string, number]>([
  ['under way', '', releaseStatus(), 'shop/3: ◌ Progressing: wave 2 of 3', 0],
  ['gone back', '', goneBack(), 'shop/3: ✖ Degraded: web failed', 1],
  ['good', '', releaseStatus(healthy), 'shop/3: ✔ Healthy: 4 members released', 0],
  ['good with this commit', ` --revision ${bad}`, releaseStatus(healthy), 'shop/3: ✔ Healthy', 0],
  ['gone back from this commit', ' --revision 9ab12cd', goneBack(), 'shop/3: ✖ Degraded', 1],
  ['gone back from another commit', ` --revision ${good}`, goneBack(), 'shop/3: ✖ Degraded', 0],
  [
    'not there yet',
    '',
    { name: 'shop', releases: { ...over, number: 0 } },
    'shop: ? Unknown: nothing was',
    0,
  ],
  [
    'kept back by a problem',
    '',
    {
      name: 'shop',
      releases: {
        ...over,
        problems: [{ code: 'InvalidSpec', message: 'a → b → a is a cycle', remedy: 'cut it' }],
      },
    },
    'shop: ✖ Held: cannot be released: a → b → a is a cycle; cut it',
    1,
  ],
])('the status of a release that is %s', async (_name, options, status, line, code) => {
  const ran = await runCli(`release status shop${options}`, showing(status));
  expect(ran.code).toBe(code);
  expect(ran.out).toContain(line);
});

const file = `apiVersion: belay.dev/v1alpha1
kind: Release
metadata: { name: shop }
spec:
  rollback: dependents
  members:
    - application: api
    - application: web
      dependsOn: [api]
`;

test('declares each release of a file', async () => {
  const declared: ReleaseSpec[] = [];
  const declare = async (spec: ReleaseSpec) => {
    declared.push(spec);
    return { message: `the release ${spec.name} is declared by this file`, recorded: false };
  };
  const both = `${file}---\n${file.replace('name: shop', 'name: tea')}`;
  const ran = await runCli('release create -f r.yaml', releasing({ declare }), {
    readText: async () => both,
  });
  expect(ran).toEqual({
    code: 0,
    out: 'the release shop is declared by this file\nthe release tea is declared by this file\n',
    err: '',
  });
  expect(declared[0]).toEqual({
    name: 'shop',
    members: [
      { application: 'api', dependsOn: [], wave: 0 },
      { application: 'web', dependsOn: ['api'], wave: 0 },
    ],
    options: { ...defaultReleaseOptions, rollback: 'dependents' },
  });
});

test('declares nothing when the file has a problem, and says its line', async () => {
  const ran = await runCli('release create -f r.yaml', releasing({}), {
    readText: async () => file.replace('- application: api', '- application: api\n      dependsOn: [web]'),
  });
  expect(ran).toEqual({
    code: 1,
    out: '',
    err: 'error: r.yaml:8: Release shop: spec.members[0].dependsOn: api → web → api is a cycle\n  try: take one of these dependencies out\n',
  });
});

const planned: PlannedRelease = {
  name: 'shop',
  problems: [],
  options: { ...defaultReleaseOptions, rollback: 'dependents' },
  members: [
    {
      ...{ application: 'migrate', wave: 0, dependsOn: [], to: bad, isAutomated: true },
      goesBack: ['web', 'api', 'migrate'],
    },
    {
      ...{ application: 'api', wave: 1, dependsOn: ['migrate'], from: good, to: bad, isAutomated: true },
      goesBack: ['web', 'api'],
    },
    {
      ...{ application: 'web', wave: 2, dependsOn: ['api', 'cart'], from: good, to: bad, isAutomated: false },
      goesBack: ['web'],
    },
  ],
  unchanged: ['cart'],
};

const planning = (plan: PlannedRelease, asked: unknown[] = []) =>
  releasing({
    plan: async (...args) => {
      asked.push(args);
      return plan;
    },
  });

test('plans a release: order, revisions, and what goes back with each', async () => {
  const asked: unknown[] = [];
  const { code, out } = await runCli('release plan shop', planning(planned, asked));
  expect({ code, asked }).toEqual({ code: 0, asked: [['shop', { objects: false }]] });
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   MEMBER          FROM      TO        AFTER     IF IT FAILS, THIS GOES BACK
   ├──wave 1
   │  └──migrate   nothing   9ab12cd   -         all 3
   ├──wave 2
   │  └──api       3f2c1aa   9ab12cd   migrate   it and web
   └──wave 3
      └──web       3f2c1aa   9ab12cd   api       it alone

   nothing new: cart
   shop: 3 members would come out (waves, rollback dependents, at most 10 at a time); 1 without automated sync: \`belay release start shop\`
   "
  `);
});

test('plans the objects of each member, and ends with 1 when one would be refused', async () => {
  const [first, second, third] = planned.members;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no members');
  const objects = [
    { object: 'Deployment shop/api', change: 'changed' as const, fields: [] },
    { object: 'Service shop/api', change: 'missing' as const, fields: [] },
    { object: 'ConfigMap shop/old', change: 'extra' as const, fields: [] },
  ];
  const problem = {
    code: 'PolicyViolation' as const,
    file: 'k8s/web.yaml',
    line: 3,
    message: 'no latest tag',
  };
  const diff = { revision: bad, objects, problems: [], rolling: [] };
  const seen: PlannedRelease = {
    ...planned,
    members: [
      { ...first, unanswered: 'no worker answered for app/migrate within 5 s' },
      { ...second, diff, check: { problems: [], warnings: [] } },
      { ...third, diff: { ...diff, objects: [] }, check: { problems: [problem], warnings: [problem] } },
    ],
  };
  const { code, out } = await runCli('release plan shop --objects', planning(seen));
  expect(code).toBe(1);
  expect(`\n${out.slice(out.indexOf('migrate: could'))}`).toMatchInlineSnapshot(`
   "
   migrate: could not be looked at: no worker answered for app/migrate within 5 s

   api: 3 objects would change
     ~ Deployment shop/api
     + Service shop/api
     - ConfigMap shop/old

   web: 0 objects would change
     ✖ k8s/web.yaml:3: no latest tag
     ! k8s/web.yaml:3: no latest tag

   nothing new: cart
   shop: 3 members would come out, and 1 of them would be refused (waves, rollback dependents, at most 10 at a time); 1 without automated sync: \`belay release start shop\`
   "
  `);
});

test('plans nothing where nothing is new, and says what keeps a release back', async () => {
  const nothing = await runCli(
    'release plan shop',
    planning({ ...planned, members: [], unchanged: ['api'] }),
  );
  expect(nothing).toEqual({
    code: 0,
    out: 'nothing new: api\nshop: nothing to release: every member has what Git says\n',
    err: '',
  });
  const problems = [{ code: 'InvalidSpec' as const, message: 'a → b → a is a cycle', remedy: 'cut it' }];
  const { code, out } = await runCli(
    'release plan shop',
    planning({ name: 'shop', problems, members: [], unchanged: [] }),
  );
  expect({ code, out }).toEqual({
    code: 1,
    out: '✖ a → b → a is a cycle; cut it\nshop: cannot be released: 1 problem\n',
  });
});
