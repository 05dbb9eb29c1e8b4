import { createJq } from '../../../src/adapters/jq';
import type { Jq } from '../../../src/ports/jq';

let jq: Jq;
beforeAll(() => {
  jq = createJq();
});
afterAll(() => jq.close());

const web = {
  spec: { replicas: 3, containers: [{ name: 'web', image: 'v1' }, { name: 'proxy' }] },
  data: { token: 'c2VudGluZWw=' },
};

test.each<[string, readonly unknown[]]>([
  ['.spec.replicas', [['spec', 'replicas']]],
  ['.spec.replicas # the autoscaler', [['spec', 'replicas']]],
  ['.spec.replicas, .data', [['spec', 'replicas'], ['data']]],
  ['.spec.containers[] | select(.name == "proxy")', [['spec', 'containers', 1]]],
  [
    '.spec.containers[].image',
    [
      ['spec', 'containers', 0, 'image'],
      ['spec', 'containers', 1, 'image'],
    ],
  ],
  ['.spec.containers[] | select(.name | test("^we")) | .image', [['spec', 'containers', 0, 'image']]],
  ['.spec.containers[-1]', [['spec', 'containers', -1]]],
  ['.spec.containers[1:]', [['spec', 'containers', { start: 1, end: null }]]],
  ['empty', []],
])('%s names its paths', async (expression, paths) => {
  expect(await jq.paths(web, expression)).toEqual({ kind: 'paths', paths });
});

test.each<[string, string, RegExp]>([
  ['.spec.', 'syntax', /syntax error/],
  ['nonsense', 'syntax', /nonsense\/0 is not defined/],
  ['include "/etc/passwd"; .', 'syntax', /./],
  ['.status.list[]', 'unfit', /shape/],
  ['.spec.replicas.x', 'unfit', /shape/],
  ['.data.token[]', 'unfit', /shape/],
  ['error(.data.token)', 'failed', /error/],
  ['1', 'failed', /no path/],
  ['halt_error', 'failed', /error/],
  ['.spec["a\\(range(2000))"]', 'size', /1000 fields/],
  ['def f: 1 + f; f', 'memory', /128 MiB/],
])('%s is refused as %s, and the next expression works', async (expression, kind, message) => {
  const answer = await jq.paths(web, expression);
  expect(answer).toEqual({ kind, message: expect.stringMatching(message) as string });
  expect(JSON.stringify(answer)).not.toContain(web.data.token);
  expect(await jq.paths(web, '.spec.replicas')).toMatchObject({ kind: 'paths' });
});

it('sees nothing of the process', async () => {
  process.env['BELAY_JQ_SENTINEL'] = 'seen';
  const answer = await jq.paths({ a: 1 }, 'if (env | tostring | contains("seen")) then .a else .b end');
  expect(answer).toEqual({ kind: 'paths', paths: [['b']] });
});

it('ends what runs for ever, answers those that wait, and does not try it again', async () => {
  const impatient = createJq({ withinMs: 500 });
  const endless = 'def f: f; f';
  const [late, next] = await Promise.all([impatient.paths(web, endless), impatient.paths(web, 'empty')]);
  expect(late).toEqual({ kind: 'time', message: 'took longer than 0.5 s' });
  expect(next).toEqual({ kind: 'paths', paths: [] });
  const started = jest.spyOn(globalThis, 'setTimeout');
  expect(await impatient.paths(web, endless)).toEqual(late);
  expect(started).not.toHaveBeenCalled();
  started.mockRestore();
  await impatient.close();
});
