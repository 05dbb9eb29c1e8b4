import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureConverterPath } from '../src/adapters/codec/data-converter';
import { bundling } from '../src/worker/bundling';

/**
 * Bundles the workflows into `dist/workflow-bundle.js`, which workers load instead of bundling at start, and into
 * `dist/workflow-bundle-encoded.js` for workers that encrypt payloads: the converter of failures is part of a bundle. Both once more,
 * `-versioned`, for workers with a deployment version.
 */
async function main(): Promise<void> {
  for (const [suffix, entry] of [
    ['', 'index.js'],
    ['-versioned', 'versioned.js'],
  ] as const)
    for (const [encoded, options] of [
      ['', {}],
      ['-encoded', { failureConverterPath }],
    ] as const) {
      const { code } = await bundleWorkflowCode({
        ...bundling(join(__dirname, '..', 'src', 'workflows', entry)),
        logger: new DefaultLogger('WARN'),
        ...options,
      });
      writeFileSync(join(__dirname, '..', `workflow-bundle${suffix}${encoded}.js`), code);
    }
}

void main();
