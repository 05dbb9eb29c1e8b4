import { repositoryId, type QueuedRestoreMessage } from '../../src/messages/repository';
import { workflowQueue } from '../../src/messages/queues';
import { listener, toldQuery } from '../support/workflow-bundle';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';
import { runSizes, type RunSize } from '../support/workflow-runs';

/* However long something goes on: a history stays below 4,000 events, and a payload below 128 KiB. */
const mostEvents = 4_000;
const mostBytes = 128 * 1024;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      restorePath: async ({ paths }) => ({
        kind: 'pushed',
        revision: revisionOf(`revert-of-${paths.join()}`),
        alsoReverted: [],
      }),
    },
  });
}, 120_000);
afterAll(() => environment.stop());

function expectBounded(sizes: readonly RunSize[]): void {
  expect(Math.max(...sizes.map(({ events }) => events))).toBeLessThan(mostEvents);
  expect(Math.max(...sizes.map(({ payload }) => payload))).toBeLessThan(mostBytes);
}

test('hundreds of reverts that wait for one branch: all are done, in order, once', async () => {
  const count = 400;
  const replyTo = 'app/asker-of-many';
  await environment.client.start(listener, { workflowId: replyTo, taskQueue: workflowQueue });
  const repoUrl = 'https://git.example/monorepo.git';
  const branch = 'refs/heads/main';
  const message = (index: number): QueuedRestoreMessage => ({
    requestId: `request-${index}`,
    replyTo,
    request: {
      repoUrl,
      branch,
      paths: [`apps/${index}`],
      goodRevision: revisionOf('v1'),
      badRevision: revisionOf('v2'),
      subject: `Revert apps/${index}`,
      body: 'x'.repeat(1_500),
      trailers: {},
    },
  });
  const workflowId = repositoryId(repoUrl, branch);
  const all = Array.from({ length: count }, (_, index) => message(index));
  const args = Array.from({ length: count / 20 }, (_, part) => ({
    queue: all.slice(part * 20, part * 20 + 20),
  }));
  const { firstExecutionRunId: runId } = await environment.client.start('repository', {
    workflowId,
    taskQueue: workflowQueue,
    args,
  });
  await environment.client.getHandle(workflowId).result();
  const told = await environment.client.getHandle(replyTo).query(toldQuery);
  expect(told.map((each) => ('requestId' in each ? each.requestId : ''))).toEqual(
    Array.from({ length: count }, (_, index) => `request-${index}`),
  );
  const sizes = await runSizes(environment.client, workflowId, runId);
  expect(sizes.length).toBeGreaterThan(1);
  expectBounded(sizes);
}, 600_000);
