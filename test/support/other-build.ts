import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundling } from '../../src/worker/bundling';

/**
 * Another build of Belay below `dir`: the compiled program that this one runs from, but for its workflow `rollout`, whose body is
 * `body` (JavaScript; `original`, `input`, and `workflow`, the SDK's module, are in scope). Answers its launcher.
 */
export async function otherBuild(dir: string, body: string): Promise<string> {
  const own = process.cwd();
  mkdirSync(dir, { recursive: true });
  for (const each of ['bin', 'dist', 'package.json'])
    cpSync(join(own, each), join(dir, each), { recursive: true });
  symlinkSync(join(own, 'node_modules'), join(dir, 'node_modules'));
  const workflowsPath = join(dir, 'dist', 'src', 'workflows', 'other-build.js');
  writeFileSync(
    workflowsPath,
    `const workflow = require('@temporalio/workflow');
const all = require('./index.js');
const original = all.rollout;
async function rollout(input) {
${body}
}
module.exports = { ...all, rollout };
`,
  );
  const { code } = await bundleWorkflowCode({
    ...bundling(workflowsPath),
    logger: new DefaultLogger('ERROR'),
  });
  writeFileSync(join(dir, 'dist', 'workflow-bundle.js'), code);
  return join(dir, 'bin', 'belay.js');
}
