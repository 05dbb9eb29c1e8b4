import { createHash } from 'node:crypto';
import type { Ports } from '../../src/activities/ports';

/** Revisions of one directory, kept in memory. */
export interface MemoryGit {
  readonly reader: Ports['git'];
  /** Adds a revision with these files, and gives its id. */
  commit(files: Readonly<Record<string, string>>): string;
}

/** The path that every revision has. */
export const gitPath = 'k8s';

/** An empty repository. */
export function memoryGit(): MemoryGit {
  const revisions = new Map<string, Readonly<Record<string, string>>>();
  const treeOf = (files: Readonly<Record<string, string>>): string => digest(JSON.stringify(files));
  const filesOf = (revision: string): Readonly<Record<string, string>> | undefined => revisions.get(revision);
  const last = (): string => [...revisions.keys()].at(-1) ?? '';
  return {
    commit(files) {
      const revision = digest(`${revisions.size} ${JSON.stringify(files)}`);
      revisions.set(revision, files);
      return revision;
    },
    reader: {
      resolve: () => Promise.resolve({ revision: last(), branch: 'refs/heads/main' }),
      snapshot: (_url, path, revision) => {
        const files = filesOf(revision);
        if (files === undefined || path !== gitPath)
          return Promise.reject(new Error(`no ${path} at ${revision}`));
        const list = Object.entries(files).map(([file, content]) => ({ path: file, content }));
        return Promise.resolve({ revision, tree: treeOf(files), files: list });
      },
      treeId: (_url, path, revision) => {
        const files = filesOf(revision);
        return Promise.resolve(files === undefined || path !== gitPath ? undefined : treeOf(files));
      },
      commit: (_url, revision) =>
        Promise.resolve({
          revision,
          subject: 'Change files',
          authorName: 'Ada',
          authorEmail: 'ada@example.com',
          authoredAt: 0,
          trailers: {},
        }),
      keepRevision: () => Promise.resolve(),
    },
  };
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
