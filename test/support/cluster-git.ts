import { createHash } from 'node:crypto';
import type { Ports } from '../../src/activities/ports';

/** Revisions of one directory, kept in memory. */
export interface MemoryGit {
  readonly reader: Ports['git'];
  /** Adds a revision with these files, and gives its id. */
  commit(files: Readonly<Record<string, string>>): string;
  /** The files of a path, undefined where there is nothing. */
  files(path: string, revision: string): Readonly<Record<string, string>> | undefined;
}

/** The path that every revision has. */
export const gitPath = 'k8s';

/** An empty repository. */
export function memoryGit(): MemoryGit {
  const revisions = new Map<string, Readonly<Record<string, string>>>();
  const last = (): string => [...revisions.keys()].at(-1) ?? '';
  return {
    commit(files) {
      const revision = digest(`${revisions.size} ${JSON.stringify(files)}`);
      revisions.set(revision, files);
      return revision;
    },
    files: (path, revision) => (path === gitPath ? revisions.get(revision) : undefined),
    reader: {
      resolve: () => Promise.resolve({ revision: last(), branch: 'refs/heads/main' }),
      commit: (_url, revision) =>
        Promise.resolve({
          revision,
          subject: 'Change files',
          authorName: 'Ada',
          authorEmail: 'ada@example.com',
          authoredAt: 0,
          trailers: {},
        }),
      changes: () => Promise.resolve([]),
      keepRevision: () => Promise.resolve(),
    },
  };
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
