import type { BelayClient } from '../../src/client/belay-client';
import type { FoundApplication } from '../../src/cli/recover-options';
import { breakGlass, findApplications } from '../../src/worker/emergency';
import { applicationSpec, good, settledState } from '../client/fixtures/statuses';
import { runCli, type Ran } from './run-cli';

// The clusters are those of test/activities/break-off.test.ts and test/e2e/recover.test.ts; here is what the commands make of them.
jest.mock('../../src/worker/emergency', () => ({ breakGlass: jest.fn(), findApplications: jest.fn() }));
const find = jest.mocked(findApplications);
const glass = jest.mocked(breakGlass);
beforeEach(() => jest.clearAllMocks());

function readable(name: string): FoundApplication & { readonly kind: 'readable' } {
  const head = { name, namespace: 'shop', context: 'prod', interrupted: ['web'] };
  return { ...head, kind: 'readable', spec: applicationSpec(name), state: settledState() };
}

const broken: FoundApplication = {
  name: 'torn',
  namespace: 'shop',
  context: 'prod',
  kind: 'broken',
  message: 'data.state is no JSON object',
  remedy: 'mend it',
};

function recover(
  line: string,
  running: readonly string[] = [],
): Promise<Ran & { readonly asked: unknown[] }> {
  const asked: unknown[] = [];
  const client: Partial<BelayClient> = {
    recoverApplication: async ({ spec }, options) => {
      asked.push([spec.name, options]);
      return !running.includes(spec.name);
    },
  };
  return runCli(`app recover ${line}`, client).then((ran) => ({ ...ran, asked }));
}

test.each([
  ['app recover --all', 'no cluster is named'],
  ['app recover --context prod', 'say which applications: their names, or --all'],
  ['app recover web --all --context prod', 'say which applications: their names, or --all'],
  ['abort web --break-glass', 'no cluster is named'],
  ['abort web --context prod', '--context, --kubeconfig and --namespace are for --break-glass'],
])('`belay %s` is bad usage, and no cluster is touched', async (line, why) => {
  const ran = await runCli(line);
  expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`error: ${why}\n  try: `) });
  expect([find.mock.calls, glass.mock.calls]).toEqual([[], []]);
});

test('what is missing is started with what its mirror says; what runs is left alone', async () => {
  find.mockResolvedValue([readable('cart'), readable('web')]);
  const { code, out, asked } = await recover('--all --context prod --context staging', ['web']);
  expect(code).toBe(0);
  expect(find).toHaveBeenCalledWith({ contexts: ['prod', 'staging'] });
  expect(asked).toEqual([
    ['cart', { dryRun: false }],
    ['web', { dryRun: false }],
  ]);
  expect(out).toContain('cart: recovered\n');
  expect(out).toContain(`good:          ${good.slice(0, 7)}\n`);
  expect(out).toContain('interrupted:   the rollout of web\n');
  expect(out).toContain('web: runs already, left alone\n');
});

test('a dry run only says what would be done', async () => {
  find.mockResolvedValue([readable('cart')]);
  const { out, asked } = await recover('--all --dry-run --context prod');
  expect([out.split('\n')[0], asked]).toEqual(['cart: would be recovered', [['cart', { dryRun: true }]]]);
});

test('a broken mirror, and a name without one, stop no other', async () => {
  find.mockResolvedValue([broken, readable('web')]);
  const { code, out, err } = await recover('torn web gone --context prod');
  expect(code).toBe(1);
  expect(out).toContain('web: recovered\n');
  expect(err).toContain('error: torn: data.state is no JSON object\n  try: mend it\n');
  expect(err).toContain('error: gone: no mirror of it was found there\n');
});

describe('an abort with the cluster alone', () => {
  test('says each thing that it does, and needs no Temporal', async () => {
    glass.mockImplementation(async ({ say }) => {
      say('web: fenced');
      return [{ workload: 'web', kind: 'back' }];
    });
    const connect = () => Promise.reject(new Error('there is no Temporal'));
    const ran = await runCli('abort shop --break-glass --context prod --reason slow', {}, { connect });
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^web: fenced\nshop is aborted/) });
    expect(glass.mock.calls[0]?.[0]).toMatchObject({ application: 'shop', context: 'prod', reason: 'slow' });
  });

  test.each([
    ['nothing is in progress', [], 1, 'shop has no rollout in progress'],
    ['there is no way back', [{ workload: 'web', kind: 'refused', message: 'no way' }], 1, 'web: no way'],
    ['it takes too long', [{ workload: 'web', kind: 'timedOut', message: 'not yet' }], 3, 'web: not yet'],
  ] as const)('fails when %s', async (_words, ended, code, why) => {
    glass.mockResolvedValue(ended);
    const ran = await runCli('abort shop --break-glass --context prod');
    expect(ran).toMatchObject({ code, err: expect.stringContaining(`error: ${why}`) });
    expect(ran.out).not.toContain('is aborted');
  });
});
