import type { BelayClient } from '../../src/client';
import { UsageError } from '../../src/cli/usage-error';
import { runCli } from './run-cli';

type Call = readonly [method: string, ...args: readonly unknown[]];

/** A client that notes its calls and accepts everything. */
function noting(recorded = false): { readonly client: Partial<BelayClient>; readonly calls: Call[] } {
  const calls: Call[] = [];
  const note =
    (method: string) =>
    async (...args: readonly unknown[]) => {
      calls.push([method, ...args]);
      return { message: `${method} accepted`, recorded };
    };
  const methods = ['pause', 'resume', 'promote', 'promoteFull', 'abort', 'retry', 'undo', 'sync', 'delete'];
  return { client: Object.fromEntries(methods.map((method) => [method, note(method)])), calls };
}

test.each<[string, Call]>([
  ['pause web', ['pause', 'web', {}]],
  ['resume shop/api', ['resume', 'shop/api', {}]],
  ['promote web', ['promote', 'web', {}]],
  ['promote web --full --reason night', ['promoteFull', 'web', { reason: 'night' }]],
  ['abort web --reason slow', ['abort', 'web', { reason: 'slow' }]],
  ['retry web', ['retry', 'web', {}]],
  ['undo web --to-revision 3f2c1aa', ['undo', 'web', { toRevision: '3f2c1aa' }]],
  ['app sync web --revision v2 --prune', ['sync', 'web', { revision: 'v2', prune: true }]],
  [
    'app sync web --confirm-prune --resource apps:Deployment:web',
    ['sync', 'web', { confirmPrune: true, prune: true, resources: ['apps:Deployment:web'] }],
  ],
  ['app delete web --cascade --confirm -y', ['delete', 'web', { cascade: true, confirmed: true }]],
  ['app delete web --cascade --yes', ['delete', 'web', { cascade: true }]],
  ['app delete web --no-cascade --now -y', ['delete', 'web', { cascade: false, now: true }]],
])('`belay %s` asks for exactly that', async (line, call) => {
  const { client, calls } = noting();
  expect(await runCli(line, client)).toEqual({ code: 0, out: `${call[0]} accepted\n`, err: '' });
  expect(calls).toEqual([call]);
});

test('marks a request that is only recorded', async () => {
  expect((await runCli('abort web', noting(true).client)).out).toBe('⚠ abort accepted\n');
});

test('asks before it deletes, and deletes nothing on no', async () => {
  const { client, calls } = noting();
  const questions: string[] = [];
  const answer = (yes: boolean) => async (question: string) => {
    questions.push(question);
    return yes;
  };
  const refused = await runCli('app delete web --cascade', client, { confirm: answer(false) });
  expect(refused).toEqual({ code: 1, out: '', err: 'nothing deleted\n' });
  expect(calls).toEqual([]);
  expect((await runCli('app delete web --no-cascade', client, { confirm: answer(true) })).code).toBe(0);
  expect(questions).toEqual([
    'Delete application web and all its objects in the cluster?',
    'Delete application web and leave its objects as they are?',
  ]);
});

test('wants --yes where nobody can be asked', async () => {
  const confirm = () => Promise.reject(new UsageError('nobody can be asked here (no terminal)', 'add --yes'));
  const ran = await runCli('app delete web --cascade', noting().client, { confirm });
  expect(ran).toMatchObject({
    code: 2,
    err: 'error: nobody can be asked here (no terminal)\n  try: add --yes\n',
  });
});
