import type { Proposal } from '../../src/domain/application-state';
import {
  applicationSpec,
  applicationStatus,
  bad,
  good,
  minutesAgo,
  now,
  reverting,
  settledState,
} from '../client/fixtures/statuses';
import { runCli } from './run-cli';

const restore = {
  ...{ repoUrl: 'https://git.example/shop', branch: 'refs/heads/main', paths: ['k8s'], sources: [0] },
  ...{ good, bad },
};
const open: Proposal = {
  ...{ restore, number: 7, url: 'https://git.example/pulls/7', bad, good },
  ...{ since: minutesAgo(3), nextLook: now + 15_000 },
};
const { nextLook: _nextLook, ...merged } = { ...open, number: 8, url: 'https://git.example/pulls/8' };

const waiting = applicationStatus({
  spec: applicationSpec('web', {
    writeBack: 'pull-request',
    writeBackOptions: { confirmMs: 600_000, otherCommits: 'pull-request' },
  }),
  state: settledState({
    proposals: [open, merged, { ...open, number: 9, url: 'https://git.example/pulls/9', nextLook: now }],
    unconfirmedFailure: { revision: bad, at: minutesAgo(4), until: now + 6 * 60_000 },
    lastRevert: { revision: reverting, bad, good, at: minutesAgo(60) },
  }),
});
const client = { applicationStatus: async () => waiting };

test('shows the policy, the window, the last revert and the pull requests of an application', async () => {
  const { out } = await runCli('app get web', client);
  const lines = out.split('\n').map((line) => line.replace(/ {3,}/g, ' | ').trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      "Write-back: | pull-request, unconfirmed failures after 10 min, others' commits by pull request",
      `Git waits: | until ${new Date(now + 6 * 60_000).toISOString().slice(0, 19)}Z for a retry or a fix of 9ab12cd`,
      'Last revert: | commit 77e0b3f restores 3f2c1aa over 9ab12cd (1 h ago)',
      'Pull requests:',
      '#7 | https://git.example/pulls/7 | main | opened 3 min ago | looked at in 15 s',
      '#8 | https://git.example/pulls/8 | main | merged',
      '#9 | https://git.example/pulls/9 | main | opened 3 min ago | is looked at now',
    ]),
  );
});

test('its times are ISO 8601 for programs', async () => {
  const { out } = await runCli('app get web -o json', client);
  expect(JSON.parse(out)).toMatchObject({
    state: {
      proposals: [
        { number: 7, nextLook: new Date(now + 15_000).toISOString() },
        { number: 8 },
        { number: 9 },
      ],
      unconfirmedFailure: { until: new Date(now + 6 * 60_000).toISOString() },
    },
  });
});

test('the history says why an undo would do nothing', async () => {
  const state = settledState({ history: waiting.state.history.slice(0, 1) });
  const off = applicationStatus({ spec: applicationSpec('web', { writeBack: 'off' }), state });
  const { out } = await runCli('app history web', { applicationStatus: async () => off });
  expect(out).toContain(
    '`belay undo web` would do nothing: write-back is off for web, so Git is not written; revert in Git yourself',
  );
});
