import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { hostname } from 'node:os';
import { bundling } from '../../src/worker/bundling';
import * as workflows from '../../src/workflows';
import { recorded } from '../support/workflow-histories';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const histories = recorded();
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({
    ...bundling(require.resolve('../../src/workflows')),
    logger: new DefaultLogger('ERROR'),
  });
});

test('there is a history of every type of workflow, and of no other', () => {
  const types = new Set(histories.map(({ name }) => name.split('/')[0]));
  expect([...types].sort()).toEqual(Object.keys(workflows).sort());
});

test('histories name no machine and no directory', () => {
  const text = JSON.stringify(histories);
  expect(text).not.toContain(process.cwd());
  expect(text).not.toContain(hostname());
});

/*
 * A workflow that cannot replay what it has behind it stands still until somebody mends it. If this fails, guard the change with
 * `patched`; before the first release, `npm run record` writes the histories anew.
 */
test('every workflow still takes the decisions that its histories hold', async () => {
  const results = Worker.runReplayHistories({ workflowBundle }, histories);
  const failures: string[] = [];
  const names = histories.map(({ name }) => name);
  for await (const { error } of results) {
    const name = names.shift();
    if (error !== undefined) failures.push(`${name}: ${error.message}`);
  }
  expect(failures).toEqual([]);
});
