import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Removes from dist/ what was compiled from sources that are gone: the compiler leaves it, and `dist/src/a.js` would go on standing
 * before `dist/src/a/index.js` for whoever loads `a`. It runs before anything is compiled, so it imports nothing of the project.
 */
for (const root of ['src', 'tools', 'bench']) {
  const built = join('dist', root);
  if (!existsSync(built)) continue;
  for (const path of readdirSync(built, { recursive: true, encoding: 'utf8' })) {
    const source = /^(.*)\.js(?:\.map)?$/u.exec(path)?.[1];
    if (
      source === undefined ||
      existsSync(join(root, `${source}.ts`)) ||
      existsSync(join(root, `${source}.js`))
    )
      continue;
    rmSync(join(built, path));
  }
}
