import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rbacManifests } from './manifests';

/** Writes deploy/kubernetes anew: `npm run rbac`. */
for (const [path, text] of rbacManifests()) {
  const file = join('deploy', 'kubernetes', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
