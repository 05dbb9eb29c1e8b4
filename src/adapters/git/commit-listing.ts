import type { GitEntry } from '../../ports/git';
import type { Source } from './fetch';
import { parseTree } from './tree-entries';

/** Commits whose trees are held in memory. */
const mostCommits = 8;

/** All entries of a commit by path, directories included; undefined where there are too many. */
export type CommitListing = ReadonlyMap<string, GitEntry> | undefined;

/**
 * The trees of the commits used last: five hundred applications of one repository cost one process at a new commit, not five hundred.
 * A commit names its content, so nothing here is ever stale.
 */
export class CommitListings {
  readonly #listings = new Map<string, Promise<CommitListing>>();
  readonly #large = new Set<string>();

  /** Commits of more than `mostEntries` files and directories are not listed. */
  constructor(readonly mostEntries = 100_000) {}

  async get(source: Source, commit: string): Promise<CommitListing> {
    const { dir } = source.mirror;
    if (this.#large.has(dir)) return undefined;
    const key = `${dir} ${commit}`;
    let listing = this.#listings.get(key);
    if (listing === undefined) {
      // Others wait for it too: one caller who gives up must not end it.
      listing = this.#read({ ...source, signal: undefined }, commit);
      listing.catch(() => this.#listings.delete(key));
    }
    this.#listings.delete(key);
    this.#listings.set(key, listing);
    for (const oldest of this.#listings.keys()) {
      if (this.#listings.size <= mostCommits) break;
      this.#listings.delete(oldest);
    }
    return await listing;
  }

  async #read({ mirror }: Source, commit: string): Promise<CommitListing> {
    const output = await mirror.local(['ls-tree', '-r', '-t', '-z', '--full-tree', commit]);
    const entries = parseTree(output);
    if (entries.length > this.mostEntries) {
      this.#large.add(mirror.dir);
      return undefined;
    }
    return new Map(entries.map(({ mode, path, id }) => [path, { mode, path, id }]));
  }
}
