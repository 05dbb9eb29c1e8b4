import { diffId, type DiffInput } from '../../src/messages/diff';
import { workflowQueue } from '../../src/messages/queues';
import type { diff } from '../../src/workflows';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { openShop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

test('a diff asks the cluster once and answers what it says', async () => {
  const cluster = await environment.cluster();
  const { spec } = await openShop(environment);
  const input: DiffInput = { cluster: cluster.id, spec, revision: 'main', treatments: {} };
  const handle = await environment.client.start<typeof diff>('diff', {
    workflowId: diffId(spec.name, 'one'),
    taskQueue: workflowQueue,
    args: [input],
  });
  expect(await handle.result()).toEqual({ revision: 'main', objects: [], problems: [], rolling: [] });
  expect(cluster.inputs('diffApplication')).toEqual([{ spec, revision: 'main', treatments: {} }]);
  await record('compared', handle);
});
