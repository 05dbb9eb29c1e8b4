import type { ApplicationStatus } from '../../src/domain/application-status';
import { ago } from '../../src/domain/explain-time';
import { judgeApplication, judgeRevision, type Verdict } from '../../src/domain/explain-verdict';
import {
  applicationStatus,
  bad,
  good,
  historyEntry,
  now,
  reverting,
  settledState,
} from '../client/fixtures/statuses';

const problem = (code: 'InvalidYaml' | 'Unreachable') =>
  settledState({ problems: [{ code, message: 'no' }] });
const busy = { kind: 'sync', message: 'applying', since: now } as const;

const applications: [string, Partial<ApplicationStatus>, Verdict][] = [
  ['is healthy when it is Synced and Healthy', {}, 'healthy'],
  ['has failed when it is held', { held: true }, 'failed'],
  ['is on its way while it does something', { operation: busy, health: 'Degraded' }, 'pending'],
  ['is on its way while a rollout is in progress', { rollouts: ['rollout/a/b/c/d'] }, 'pending'],
  ['has failed when Git is wrong', { state: problem('InvalidYaml') }, 'failed'],
  ['is on its way when a problem may pass', { state: problem('Unreachable'), sync: 'Unknown' }, 'pending'],
  ['has failed when it is Degraded', { health: 'Degraded' }, 'failed'],
  ['is on its way when it is OutOfSync', { sync: 'OutOfSync' }, 'pending'],
];

test.each(applications)('an application %s', (_, changes, verdict) => {
  expect(judgeApplication(applicationStatus(changes))).toBe(verdict);
});

const failed = historyEntry({ id: 2, revision: bad, result: 'failed' });
const reverted = settledState({
  synced: reverting,
  history: [historyEntry({ id: 3, revision: reverting, result: 'reverted' }), failed],
});
const retried = settledState({ history: [historyEntry({ id: 3, revision: bad }), failed] });

const revisions: [string, string, Partial<ApplicationStatus>, Verdict][] = [
  ['has arrived when it was promoted', good.slice(0, 7), {}, 'healthy'],
  ['has failed when the application went back from it', bad, { state: reverted }, 'failed'],
  ['has arrived when a retry promoted it', bad, { state: retried }, 'healthy'],
  ['is on its way until it is seen', bad, {}, 'pending'],
  ['has failed when the application is held', bad, { held: true }, 'failed'],
];

test.each(revisions)('a revision %s', (_, revision, changes, verdict) => {
  expect(judgeRevision(applicationStatus(changes), revision)).toBe(verdict);
});

test.each([
  [-5_000, 'just now'],
  [999, 'just now'],
  [59_999, '59 s ago'],
  [3 * 60_000 + 59_000, '3 min ago'],
  [90 * 60_000, '1 h 30 min ago'],
  [51 * 3_600_000, '2 d 3 h ago'],
])('a time %i ms ago is shown as %s', (passed, text) => {
  expect(ago(now - passed, now)).toBe(text);
});
