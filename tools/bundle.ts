import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureConverterPath } from '../src/adapters/codec/data-converter';

/**
 * Bundles the workflows into `dist/workflow-bundle.js`, which workers load instead of bundling at start, and into
 * `dist/workflow-bundle-encoded.js` for workers that encrypt payloads: the converter of failures is part of a bundle.
 */
async function main(): Promise<void> {
  const workflowsPath = join(__dirname, '..', 'src', 'workflows', 'index.js');
  const bundles = { 'workflow-bundle.js': {}, 'workflow-bundle-encoded.js': { failureConverterPath } };
  for (const [file, options] of Object.entries(bundles)) {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger: new DefaultLogger('WARN'),
      ...options,
    });
    writeFileSync(join(__dirname, '..', file), code);
  }
}

void main();
