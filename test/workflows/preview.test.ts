import { ApplicationFailure } from '@temporalio/common';
import type { PlannedRestore } from '../../src/domain/write-back/planned-restores';
import { previewId } from '../../src/messages/preview';
import { workflowQueue } from '../../src/messages/queues';
import type { TreeChange } from '../../src/ports/git';
import type { preview } from '../../src/workflows';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';

const changes: readonly TreeChange[] = [{ path: 'k8s/a.yaml', change: 'modified', added: 2, removed: 1 }];
const one: PlannedRestore = {
  ...{ repoUrl: 'https://git.example/shop', branch: 'refs/heads/main', paths: ['k8s'], sources: [0] },
  ...{ good: 'a'.repeat(40), bad: 'b'.repeat(40) },
};
const other = { ...one, repoUrl: 'https://git.example/values', sources: [1] };

let environment: WorkflowEnvironment;
let asked: unknown[];
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      previewRestore: async (range) => {
        asked.push(range);
        if (range.repoUrl === one.repoUrl) return changes;
        throw ApplicationFailure.nonRetryable('2001 files differ', 'Limit');
      },
    },
  });
});
afterAll(() => environment.stop());
beforeEach(() => (asked = []));

async function start(id: string, ...restores: readonly PlannedRestore[]) {
  return environment.client.start<typeof preview>('preview', {
    workflowId: previewId('shop', id),
    taskQueue: workflowQueue,
    args: [{ restores }],
  });
}

test('a preview of an undo says which files each write would change, from what is to what comes back', async () => {
  const handle = await start('one', one);
  expect(await handle.result()).toEqual([{ ...one, changes }]);
  expect(asked).toEqual([{ repoUrl: one.repoUrl, from: one.bad, to: one.good, paths: one.paths }]);
  await record('previewed', handle);
});

test('a preview that one repository does not answer says what that one said', async () => {
  const handle = await start('two', one, other);
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'Limit', message: '2001 files differ' },
  });
});
