import { createHealthScripts } from '../../../src/adapters/lua';
import type { Health } from '../../../src/domain/health';
import type { KubeObject } from '../../../src/domain/kube-object';
import type { HealthScripts } from '../../../src/ports/health';

const open: HealthScripts[] = [];
afterAll(() => Promise.all(open.map((each) => each.close())));

const widget = (more: object = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'shop' },
  ...more,
});

function scriptsOf(lua: string, limitMs?: number, kinds = 'example.com/Widget'): HealthScripts {
  const scripts = createHealthScripts([{ kinds, lua }], limitMs === undefined ? {} : { limitMs });
  open.push(scripts);
  return scripts;
}

/** What a script says of a Widget; the limit is far away, unless a test is about it. */
async function said(lua: string, more: object = {}, limitMs = 20_000): Promise<Health | undefined> {
  return scriptsOf(lua, limitMs).healthOf(widget(more));
}

const returning = (expression: string): string =>
  `return { status = "Healthy", message = tostring(${expression}) }`;

describe('a health script', () => {
  test('reads the object and answers status and message', async () => {
    const lua = `
      hs = { status = "Progressing", message = "waiting" }
      if obj.status ~= nil and obj.status.conditions ~= nil then
        for i, condition in ipairs(obj.status.conditions) do
          if condition.type == "Ready" and condition.status == "False" then
            hs.status = "Degraded"
            hs.message = condition.message .. " of " .. obj.metadata.name
            return hs
          end
        end
      end
      return hs`;
    const conditions = [{ type: 'Other' }, { type: 'Ready', status: 'False', message: 'no volume' }];
    const scripts = scriptsOf(lua);
    expect(await scripts.healthOf(widget({ status: { conditions } }))).toEqual({
      status: 'Degraded',
      message: 'no volume of w',
    });
    expect(await scripts.healthOf(widget())).toEqual({ status: 'Progressing', message: 'waiting' });
  });

  test('is asked only for its kinds', async () => {
    const scripts = scriptsOf('return { status = "Healthy" }');
    const other = { ...widget(), kind: 'Gadget' };
    expect([scripts.covers(widget()), scripts.covers(other)]).toEqual([true, false]);
    expect(await scripts.healthOf(other)).toBeUndefined();
  });

  test.each([
    ['numbers as they are', 'obj.spec.count .. " " .. obj.spec.share', '3 1.5'],
    ['lists from 1 on', '#obj.spec.list .. obj.spec.list[1]', '2a'],
    ['null as nil', 'obj.spec.none == nil', 'true'],
    ['functions of Lua 5.1', 'table.getn(obj.spec.list) .. math.pow(2, 3) .. unpack({ "x" })', '28.0x'],
    [
      'strings, tables and mathematics',
      'string.upper(table.concat(obj.spec.list)) .. math.floor(2.5)',
      'AB2',
    ],
    ['the time', 'os.time() > 1000 and os.date("%Y") ~= nil', 'true'],
    ['goto, as newer scripts of Argo CD', '(function() do goto out end ::out:: return "out" end)()', 'out'],
  ])('has %s', async (_name, expression, expected) => {
    const spec = { count: 3, share: 1.5, list: ['a', 'b'], none: null };
    expect(await said(returning(expression), { spec })).toEqual({ status: 'Healthy', message: expected });
  });

  test.each([
    'io',
    'require',
    'package',
    'debug',
    'load',
    'loadstring',
    'dofile',
    'loadfile',
    'print',
    'coroutine',
  ])('has no %s', async (name) => {
    expect(await said(returning(name))).toEqual({ status: 'Healthy', message: 'nil' });
  });

  test('has of os only time and date, and no way to JavaScript', async () => {
    const names =
      'local names = {} for name in pairs(TABLE) do names[#names + 1] = name end table.sort(names) ';
    const listing = (table: string): string =>
      `${names.replace('TABLE', table)} return { status = "Healthy", message = table.concat(names, " ") }`;
    expect(await said(listing('os'))).toMatchObject({ message: 'date time' });
    const all = (await said(listing('_G')))?.message?.split(' ');
    expect(all).toEqual(
      '_G _VERSION assert error getmetatable ipairs math next obj os pairs pcall rawequal rawget rawlen rawset select setmetatable string table tonumber tostring type unpack xpcall'.split(
        ' ',
      ),
    );
  });

  test('leaves nothing behind for the next run', async () => {
    const scripts = scriptsOf(
      'string.left = (string.left or 0) + 1 left = (left or 0) + 1 return { status = "Healthy", message = left .. string.left }',
    );
    const messages = [await scripts.healthOf(widget()), await scripts.healthOf(widget())].map(
      (each) => each?.message,
    );
    expect(messages).toEqual(['11', '11']);
  });

  test('sees no values of a Secret', async () => {
    const scripts = scriptsOf(returning('obj.data'), undefined, 'Secret');
    const secret = { ...widget({ data: { password: 'aHVudGVyMg==' } }), apiVersion: 'v1', kind: 'Secret' };
    expect(await scripts.healthOf(secret)).toEqual({ status: 'Healthy', message: 'nil' });
  });
});

describe('a health script gives Unknown when it', () => {
  test.each([
    ['fails', 'error("no such thing")', /no such thing/],
    ['fails with a table', 'error({})', /table/],
    ['is no Lua', 'return {', /<eof>/],
    ['reads what is not there', 'return obj.spec.size.min', /: line 1: attempt to index a nil value/],
    ['returns nothing', 'local a = 1', /it returned nothing/],
    ['returns a text', 'return "Healthy"', /it returned no table/],
    ['returns a word that is no health', 'return { status = "Fine" }', /"Fine", which is none of Healthy/],
    ['returns no status', 'return { message = "x" }', /the status ""/],
    ['returns itself', 'local t = {} t.t = t return t', /./],
    ['fills its memory with texts', 'return { status = string.rep("x", 1e9) }', /not enough memory/],
    ['fills its memory with tables', 'local t = {} while true do t = { t } end', /not enough memory/],
    [
      'calls itself for ever',
      'local function f() return 1 + f() end return f()',
      /stack overflow|not enough memory/,
    ],
  ])('%s', async (_name, lua, reason) => {
    const found = await said(lua);
    expect(found?.status).toBe('Unknown');
    expect(found?.message).toMatch(/^health script of example\.com\/Widget: /);
    expect(found?.message).toMatch(reason);
  });

  test.each([
    ['loops', 'while true do end'],
    ['loops in a protected call', 'while true do pcall(error) end'],
    ['loops in one function of C', 'return string.find(string.rep("a", 5000), string.rep(".-", 20) .. "b")'],
  ])('%s, and the next script runs all the same', async (_name, lua) => {
    const scripts = createHealthScripts(
      [
        { kinds: 'example.com/Widget', lua },
        { kinds: 'example.com/Gadget', lua: 'return { status = "Healthy" }' },
      ],
      { limitMs: 2_000 },
    );
    open.push(scripts);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 50);
    const [first, second] = await Promise.all([
      scripts.healthOf(widget()),
      scripts.healthOf({ ...widget(), kind: 'Gadget' }),
    ]);
    clearInterval(turning);
    expect(first).toEqual({
      status: 'Unknown',
      message: 'health script of example.com/Widget: it had not ended after 2000 ms',
    });
    expect(second).toEqual({ status: 'Healthy' });
    expect(turns).toBeGreaterThan(5); // the worker's own loop went on meanwhile
    const again = Date.now();
    expect((await scripts.healthOf(widget()))?.status).toBe('Unknown');
    expect(Date.now() - again).toBeLessThan(1_500); // it rests
  });
});

test('scripts that are closed answer what is left with Unknown', async () => {
  const scripts = scriptsOf('while true do end', 60_000);
  const asked = [scripts.healthOf(widget()), scripts.healthOf(widget())];
  await scripts.close();
  expect((await Promise.all(asked)).map((each) => each?.message)).toEqual([
    'health script of example.com/Widget: the worker is stopping',
    'health script of example.com/Widget: the worker is stopping',
  ]);
});
