import { createHash } from 'node:crypto';
import type { Problem } from '../../src/domain/problem';
import type { Renderer } from '../../src/ports/render';
import type { MemoryGit } from './cluster-git';

/** Directories of plain manifests, as they are in Git. */
export function createPlainRenderer(git: Pick<MemoryGit, 'files'>): Renderer {
  return {
    async prepare({ source: { path, recurse }, revision }) {
      const files = git.files(path, revision);
      if (files === undefined) return { ok: false, problems: [pathNotFound(path, revision)] };
      const wanted = Object.entries(files).filter(([file]) => recurse || !file.includes('/'));
      const value = wanted.map(([file, content]) => ({ path: `${path}/${file}`, content }));
      const tree = createHash('sha1').update(JSON.stringify(files)).digest('hex');
      const key = JSON.stringify([tree, path, recurse]);
      return { ok: true, value: { key, tree, render: async () => ({ ok: true, value }) } };
    },
  };
}

function pathNotFound(path: string, revision: string): Problem {
  return {
    code: 'PathNotFound',
    field: 'spec.source.path',
    value: path,
    message: `path ${path} does not exist at revision ${revision.slice(0, 12)}`,
    remedy: 'correct spec.source.path, or put the directory back',
  };
}
