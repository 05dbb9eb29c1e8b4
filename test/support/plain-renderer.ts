import type { Problem } from '../../src/domain/problem';
import type { GitReader } from '../../src/ports/git';
import type { Renderer } from '../../src/ports/render';

/** Directories of plain manifests, as they are in Git. */
export function createPlainRenderer(git: Pick<GitReader, 'treeId' | 'snapshot'>): Renderer {
  return {
    async prepare({ source, revision }) {
      const { repoUrl, path, recurse } = source;
      const tree = await git.treeId(repoUrl, path, revision);
      if (tree === undefined) return { ok: false, problems: [pathNotFound(path, revision)] };
      return {
        ok: true,
        value: {
          key: JSON.stringify([tree, path, recurse]),
          tree,
          render: async () => {
            const { files } = await git.snapshot(repoUrl, path, revision);
            const wanted = recurse ? files : files.filter((file) => !file.path.includes('/'));
            const place = path === '.' ? '' : `${path}/`;
            return { ok: true, value: wanted.map((file) => ({ ...file, path: `${place}${file.path}` })) };
          },
        },
      };
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
