import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bundles the workflows into `dist/workflow-bundle.js`, which workers load instead of bundling at start. */
async function main(): Promise<void> {
  const workflowsPath = join(__dirname, '..', 'src', 'workflows', 'index.js');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  writeFileSync(join(__dirname, '..', 'workflow-bundle.js'), code);
}

void main();
