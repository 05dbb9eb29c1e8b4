import type { Fields } from '../fields';

/** More would only make every further step slow; who gets no list looks at everything. */
const most = 20_000;

interface ToldCommits {
  /** Commits of the push by the forge's own count; absent: it gives none. */
  readonly total?: number | undefined;
  /** So many commits or more mean that the list may have been cut off. */
  readonly atMost: number;
}

/**
 * All files that the commits of a push have changed; undefined when the event does not tell all of them: a list that was cut off, a
 * commit without its files, no commits at all (a new branch, a force-push back).
 */
export function changedFilesOf(body: Fields, { total, atMost }: ToldCommits): readonly string[] | undefined {
  const before = body.source.problems.length;
  const commits = body.maps('commits');
  const files = new Set<string>();
  let isWhole = commits.length > 0 && commits.length < atMost && (total ?? 0) <= commits.length;
  for (const commit of commits) {
    const lists = ['added', 'modified', 'removed'].map((key) => textsOf(commit, key));
    isWhole = isWhole && lists.some((list) => list.length > 0);
    for (const file of isWhole ? lists.flat() : []) files.add(file);
    isWhole = isWhole && files.size <= most;
  }
  return isWhole && body.source.problems.length === before ? [...files] : undefined;
}

function textsOf(fields: Fields, key: string): readonly string[] {
  const items = fields.list(key);
  if (items.every((item): item is string => typeof item === 'string')) return items;
  fields.invalid(key, 'must be a list of texts');
  return [];
}
