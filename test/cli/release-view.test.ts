import type { ReleaseStatus } from '../../src/client';
import { minutesAgo } from '../client/fixtures/statuses';
import {
  goneBack,
  head,
  over,
  releaseState,
  releaseStatus,
  releasesState,
  releasing,
} from './release-fixtures';
import { runCli } from './run-cli';

const showing = (status: ReleaseStatus) => releasing({ status: async () => status });

test('shows a release under way with its waves, and what each member waits for', async () => {
  const { code, out } = await runCli('release get shop', showing(releaseStatus()));
  expect(code).toBe(0);
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   Name:      shop/3
   Status:    ◌ Progressing
   Message:   wave 2 of 3: 1 of 4 members are out; coming out: api, cart
   Since:     4 min ago
   Goes:      waves, rollback all, bake 10 min, at most 10 at a time
   Members:   4, 2 out
   Started:   4 min ago

   MEMBER            STATE           REVISION   SINCE       MESSAGE
   ⟳ shop            ◌ Progressing
   ├──wave 1
   │  └──✔ migrate   ready           9ab12cd    3 min ago   out; waits for api (delivering), web (waiting)
   ├──wave 2
   │  ├──◌ api       delivering      9ab12cd    2 min ago   api: pause 5 min
   │  └──✔ cart      unchanged       9ab12cd    2 min ago   out; waits for api (delivering), web (waiting)
   └──wave 3
      └──· web       waiting         9ab12cd    4 min ago   waits for api (delivering), which it depends on

   Log:
     11:56:00   4 min ago   4 members in 3 waves
     11:56:00   4 min ago   migrate: coming out

   Release:       shop
   Declared by:   a release file, 4 members known
   Under way:     shop/3 (4 min ago)

   History:
     RELEASE   RESULT      ENDED     TOOK     MESSAGE
     shop/2    ✔ Healthy   2 h ago   10 min   4 members released
   "
  `);
});

test('shows what members were told and depend on when asked for all of it', async () => {
  const { out } = await runCli('release get shop -o wide', showing(releaseStatus()));
  const tree = out.slice(out.indexOf('MEMBER'), out.indexOf('Log:'));
  expect(`\n${tree}`).toMatchInlineSnapshot(`
   "
   MEMBER            STATE           REVISION   SINCE       TOLD      DEPENDS ON   MESSAGE
   ⟳ shop            ◌ Progressing
   ├──wave 1
   │  └──✔ migrate   ready           9ab12cd    3 min ago   deliver   -            out; waits for api (delivering), web (waiting)
   ├──wave 2
   │  ├──◌ api       delivering      9ab12cd    2 min ago   deliver   migrate      api: pause 5 min
   │  └──✔ cart      unchanged       9ab12cd    2 min ago   deliver   migrate      out; waits for api (delivering), web (waiting)
   └──wave 3
      └──· web       waiting         9ab12cd    4 min ago   -         api, cart    waits for api (delivering), which it depends on

   "
  `);
});

test('shows a release that went back, what was done in Git, and what comes next', async () => {
  const { out } = await runCli('release get shop', showing(goneBack()));
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   Name:      shop/3
   Status:    ✖ Degraded
   Message:   web failed: pod web-canary-1 cannot pull shop/web:2; all is back
   Since:     1 min ago
   Failure:   web failed: pod web-canary-1 cannot pull shop/web:2 (2 min ago)
   Goes:      waves, rollback all, bake 10 min, at most 10 at a time
   Members:   4
   Started:   4 min ago
   Ended:     1 min ago, took 3 min

   MEMBER            STATE        REVISION   SINCE       MESSAGE
   ⟳ shop            ✖ Degraded
   ├──wave 1
   │  └──↩ migrate   settled      9ab12cd    1 min ago   is back at 3f2c1aa00000
   ├──wave 2
   │  ├──↩ api       settled      9ab12cd    1 min ago   is back at 3f2c1aa00000
   │  └──↩ cart      settled      9ab12cd    1 min ago   is back at 3f2c1aa00000
   └──wave 3
      └──↩ web       settled      9ab12cd    1 min ago   is back at 3f2c1aa00000

   Git:
     https://git.example/shop.git main   ✔ reverted by 77e0b3f          api, cart, migrate and 1 more
     git@git.example:values.git main     ✖ refused: main is protected   web

   Rollback:
     11:58:00   2 min ago   web failed; going back: api, cart, migrate and 1 more

   Release:       shop
   Declared by:   a release file, 4 members known
   Under way:     nothing

   Not released yet:
     api       9ab12cd   comes out by itself
     cart      9ab12cd   comes out by itself
     migrate   9ab12cd   comes out by itself
     web       9ab12cd   comes out by itself

   History:
     RELEASE   RESULT      ENDED     TOOK     MESSAGE
     shop/2    ✔ Healthy   2 h ago   10 min   4 members released
   "
  `);
});

test('shows who holds a release up, and what waits for it', async () => {
  const paused = releaseStatus(
    { pausedBy: { by: 'ada@laptop', reason: 'lunch', since: minutesAgo(1) } },
    releasesState({ queued: { since: minutesAgo(1), reason: 'release/shop/3 is under way' } }),
  );
  const { out } = await runCli('release get shop', showing(paused));
  expect(out).toContain('Status:      ॥ Paused\n');
  expect(out).toContain('Paused by:   ada@laptop, 1 min ago: lunch\n');
  expect(out).toMatch(/Waiting: +release\/shop\/3 is under way \(1 min ago\)\n/);
});

test('says until when all run together, and nothing of it once that was ended', async () => {
  const baking = (bakedAt: number) =>
    runCli('release get shop', showing(releaseStatus({ phase: 'Baking', bakedAt })));
  expect((await baking(Date.parse('2026-03-01T12:05:00Z'))).out).toContain('until 2026-03-01T12:05:00Z\n');
  expect((await baking(0)).out).not.toContain('Bakes:');
});

test('shows members without a release, and why none comes', async () => {
  const members = {
    api: head('api'),
    cart: head('cart', { isAutomated: false }),
    web: head('web', { isBehind: false }),
  };
  const fresh = { name: 'shop', releases: { ...over, number: 0, members, history: [] } };
  expect(`\n${(await runCli('release get shop', showing(fresh))).out}`).toMatchInlineSnapshot(`
   "
   Release:       shop
   Declared by:   a release file, 3 members known
   Under way:     nothing

   Not released yet:
     api    9ab12cd   comes out by itself
     cart   9ab12cd   waits for \`belay release start shop\`
   "
  `);
});

test('one of the history is shown alone', async () => {
  const asked: string[] = [];
  const status = async (target: string) => {
    asked.push(target);
    return { name: 'shop', release: releaseState() };
  };
  const { out } = await runCli('release get shop/3', releasing({ status }));
  expect(asked).toEqual(['shop/3']);
  expect(out).not.toContain('History:');
});

test('data has times in ISO 8601, and names are workflow ids', async () => {
  const status = releaseStatus({ bakedAt: minutesAgo(0) });
  const json = JSON.parse((await runCli('release get shop -o json', showing(status))).out) as unknown;
  expect(json).toMatchObject({
    name: 'shop',
    release: { bakedAt: '2026-03-01T12:00:00.000Z', members: { api: { since: '2026-03-01T11:58:00.000Z' } } },
    releases: { running: { since: '2026-03-01T11:56:00.000Z' } },
  });
  expect((await runCli('release get shop -o name', showing(status))).out).toBe('release/shop/3\n');
});

test('a watch ends with the release: 0 when it is good, else 1', async () => {
  const ended = (phase: 'Healthy' | 'Degraded' | 'Held') =>
    releaseStatus({ phase, message: phase, endedAt: minutesAgo(0) });
  const codes = async (status: ReleaseStatus) => (await runCli('release get shop -w', showing(status))).code;
  expect(await codes(ended('Healthy'))).toBe(0);
  expect(await codes(ended('Degraded'))).toBe(1);
  expect(await codes(ended('Held'))).toBe(1);
});

test('lists releases as a table', async () => {
  const listed = [
    { name: 'blog', problem: 'no worker answered' },
    {
      name: 'loop',
      releases: {
        ...over,
        problems: [{ code: 'InvalidSpec' as const, message: 'a → b → a is a cycle' }],
      },
    },
    { name: 'new', releases: { ...over, number: 0, history: [] } },
    releaseStatus({}, releasesState({ queued: { since: minutesAgo(1), reason: 'one is under way' } })),
    { ...goneBack(), name: 'tea' },
  ];
  const list = releasing({ list: async () => listed });
  expect(`\n${(await runCli('release list', list)).out}`).toMatchInlineSnapshot(`
   "
   NAME   STATE           NEWEST   MEMBERS   SINCE       MESSAGE
   blog   ? Unknown       -        -         -           no worker answered
   loop   ✖ Held          -        4         -           a → b → a is a cycle
   new    ? Unknown       -        4         -           nothing was released yet
   shop   ◌ Progressing   shop/3   4         4 min ago   wave 2 of 3: 1 of 4 members are out; coming out: api, cart; another one waits
   tea    ✖ Degraded      shop/3   4         1 min ago   web failed: pod web-canary-1 cannot pull shop/web:2; all is back
   "
  `);
  expect((await runCli('release list -o name', list)).out).toBe(
    'release/blog\nrelease/loop\nrelease/new\nrelease/shop\nrelease/tea\n',
  );
  expect((await runCli('release list', releasing({ list: async () => [] }))).out).toContain('no releases;');
});
