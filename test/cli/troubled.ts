import { applicationStatus, bad, historyEntry, minutesAgo, settledState } from '../client/fixtures/statuses';

const sentence = 'pod web-canary-1 cannot pull shop/web:2';
/** An application with everything that can be wrong. */
export const troubled = applicationStatus({
  sync: 'OutOfSync',
  held: true,
  message: 'held: main is protected; merge the revert yourself',
  since: minutesAgo(3),
  operation: { kind: 'rollback', revision: bad, message: 'reverting Git', since: minutesAgo(3) },
  rollouts: ['rollout/8f3c21d0/shop/deployment/web'],
  state: settledState({
    head: bad,
    hold: {
      code: 'RevertRefused',
      reason: 'main is protected',
      remedy: 'merge the revert yourself',
      since: minutesAgo(3),
    },
    lastFailure: { code: 'ImageNotFound', sentence, at: minutesAgo(4), revision: bad, workload: 'web' },
    quarantine: { c41d8e: { revision: bad, workload: 'web', reason: sentence, at: minutesAgo(4) } },
    problems: [
      {
        code: 'UnknownField',
        file: 'k8s/web/a.yaml',
        line: 3,
        message: 'no such field: replica',
        remedy: 'write replicas',
      },
    ],
    problemsSince: minutesAgo(2),
    drift: ['Service shop/web'],
    history: [
      historyEntry({ id: 2, revision: bad, result: 'failed', message: sentence, at: minutesAgo(4) }),
      historyEntry(),
    ],
    events: [{ at: minutesAgo(3), text: 'held: main is protected' }],
  }),
});
