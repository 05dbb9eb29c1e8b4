import { childrenId } from '../../src/messages/children';
import { workflowQueue } from '../../src/messages/queues';
import type { children } from '../../src/workflows';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { forbidden, type Scripts } from '../support/workflow-fakes';
import { openShop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

async function start(scripts: Scripts) {
  const { spec, cluster } = await openShop(environment, { scripts });
  const handle = await environment.client.start<typeof children>('children', {
    workflowId: childrenId(spec.name, 'one'),
    taskQueue: workflowQueue,
    args: [{ spec }],
  });
  return { spec, cluster, handle };
}

test('a parent is read once, at the commit that its revision stands for, by workers of its cluster', async () => {
  const { spec, cluster, handle } = await start({
    readChildren: ({ spec: child }) => ({
      children: [{ ...child, name: 'web' }],
      others: ['AppProject shop'],
      problems: [],
    }),
  });
  const revision = spec.source.targetRevision;
  expect(await handle.result()).toMatchObject({
    revision,
    children: [{ name: 'web' }],
    others: ['AppProject shop'],
  });
  expect(cluster.inputs('readChildren')).toEqual([{ spec, revision }]);
  await record('read', handle);
});

test('what its project does not allow is said', async () => {
  const { handle } = await start({
    readChildren: () => {
      throw forbidden();
    },
  });
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'Forbidden' } });
});
