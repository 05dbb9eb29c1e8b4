import { MockActivityEnvironment } from '@temporalio/testing';
import { createReleaseQuestions } from '../../src/activities/release-questions';
import type { Ports } from '../../src/activities/ports';

const cluster = { server: 'https://test', names: [] };

test('a cluster has a worker if this one serves it, or another one was heard of lately', async () => {
  const { findUnserved } = createReleaseQuestions({
    orchestrator: {} as Ports['orchestrator'],
    served: () => [{ ...cluster, id: 'mine' }],
    directory: {
      announce: async () => undefined,
      known: async () => [
        { ...cluster, id: 'mine', isServed: false },
        { ...cluster, id: 'theirs', isServed: true },
        { ...cluster, id: 'silent', isServed: false },
      ],
    },
  });
  const asked = { clusters: ['mine', 'theirs', 'silent', 'unknown'] };
  expect(await new MockActivityEnvironment().run(findUnserved, asked)).toEqual(['silent', 'unknown']);
});
