import type { ApplicationStatus } from '../../../src/domain/application-status';
import { whyNotReady } from '../../../src/domain/drill/ready';
import {
  applicationSpec,
  applicationStatus,
  good,
  minutesAgo,
  now,
  settledState,
} from '../../client/fixtures/statuses';

test('a healthy application that Belay may take back is drilled', () => {
  expect(whyNotReady(applicationStatus(), now)).toBeUndefined();
});

const withoutBranch = (): ApplicationStatus => {
  const { branch: _branch, ...state } = settledState();
  return applicationStatus({ state });
};
const withoutSync = (): ApplicationStatus => {
  const { automated: _automated, ...spec } = applicationSpec();
  return applicationStatus({ spec });
};

test.each<[string, ApplicationStatus, RegExp]>([
  ['no branch', withoutBranch(), /is not a branch/],
  ['no automated sync', withoutSync(), /only when somebody asks/],
  [
    'the policy hold',
    applicationStatus({ spec: applicationSpec('web', { writeBack: 'hold' }) }),
    /policy hold/,
  ],
  [
    'the policy pull-request',
    applicationStatus({ spec: applicationSpec('web', { writeBack: 'pull-request' }) }),
    /policy pull-request/,
  ],
  [
    'a window of confirmation',
    applicationStatus({ spec: applicationSpec('web', { writeBackOptions: { confirmMs: 1 } }) }),
    /to be confirmed/,
  ],
  ['a trouble of its own', applicationStatus({ health: 'Degraded' }), /not Synced, Healthy and idle/],
  ['a hold', applicationStatus({ held: true }), /not Synced, Healthy and idle/],
  ['a rollout', applicationStatus({ rollouts: ['rollout/a'] }), /not Synced, Healthy and idle/],
  [
    'a good revision that is not the one that is out',
    applicationStatus({ state: settledState({ good: { revision: 'f'.repeat(40), tree: '', at: 0 } }) }),
    /no good revision/,
  ],
  [
    'three reverts in this hour',
    applicationStatus({ state: settledState({ reverts: [minutesAgo(50), minutesAgo(9), minutesAgo(1)] }) }),
    /3 reverts within an hour/,
  ],
])('with %s there is no drill', (_what, status, why) => {
  expect(whyNotReady(status, now)?.message).toMatch(why);
});

test('reverts of an hour ago do not count', () => {
  const reverts = [minutesAgo(61), minutesAgo(9), minutesAgo(1)];
  const state = settledState({ reverts, good: { revision: good, tree: '', at: 0 } });
  expect(whyNotReady(applicationStatus({ state }), now)).toBeUndefined();
});
