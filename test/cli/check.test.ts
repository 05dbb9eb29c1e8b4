import type { CheckOptions } from '../../src/client/checks';
import type { CheckResult } from '../../src/messages/check';
import { good } from '../client/fixtures/statuses';
import { runCli } from './run-cli';

const fine: CheckResult = {
  revision: good,
  problems: [],
  warnings: [],
  ran: ['tests'],
  skipped: [],
  status: 'set',
};
const bad: CheckResult = {
  ...fine,
  problems: [
    {
      code: 'PolicyViolation',
      message: 'no pods (rule deny of policies/a.rego:3)',
      file: 'k8s/a.yaml',
      line: 3,
      object: 'Pod a',
    },
  ],
  warnings: [{ code: 'PolicyViolation', message: 'old api', file: 'k8s/b.yaml', line: 1 }],
  ran: [],
  skipped: ['tests'],
};

function answering(result: CheckResult, seen: unknown[] = []) {
  return {
    checkApplication: async (name: string, options: CheckOptions) => {
      seen.push([name, options]);
      return result;
    },
  };
}

test('a revision that may be deployed ends with 0', async () => {
  const seen: unknown[] = [];
  const { code, out } = await runCli('check web --revision main --status', answering(fine, seen));
  expect(code).toBe(0);
  expect(out.split('\n').slice(0, 2)).toEqual(['checks that ran: tests', 'commit status: set']);
  expect(out).toContain('may be deployed');
  expect(seen).toEqual([['web', { names: ['main'], jobs: true, status: true }]]);
});

test('what is found is shown with its place, and ends with 1', async () => {
  const { code, out } = await runCli('check web --revision main --fork', answering(bad));
  expect(code).toBe(1);
  expect(out.split('\n').slice(0, 3)).toEqual([
    '✖ k8s/a.yaml:3: Pod a: no pods (rule deny of policies/a.rego:3)',
    '! k8s/b.yaml:1: old api',
    'checks that did not run: tests',
  ]);
  expect(out).toContain('would be refused: 1 problem');
});

test('a pull request is found where forges keep its head, and that of a fork runs no Job', async () => {
  const seen: unknown[] = [];
  await runCli('check web --pull-request 17 --fork', answering(fine, seen));
  const names = ['refs/pull/17/head', 'refs/merge-requests/17/head', 'refs/pull-requests/17/from'];
  expect(seen).toEqual([['web', { names, jobs: false, status: false }]]);
});

test('is machine-readable', async () => {
  const { out, code } = await runCli('check web --revision main -o json', answering(bad));
  expect(JSON.parse(out)).toEqual(bad);
  expect(code).toBe(1);
});

test.each(['check web', 'check web --pull-request x', 'check web --pull-request 0'])(
  '%s is bad usage',
  async (line) => {
    expect((await runCli(line, answering(fine))).code).toBe(2);
  },
);
