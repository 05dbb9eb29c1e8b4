import { posix } from 'node:path';
import type { Problem } from '../../domain/problem';
import type { CommitPlace, GitEntry, SourceTrees } from '../../ports/git';
import { isBelow, joinInside, prefixes } from './paths';

const link = '120000';
const mostHops = 40;

/**
 * What a rendering uses of one commit, found out step by step: `include` makes a path known with everything below, links on the way
 * followed. What was asked for is kept: equal ids of `roots` and nothing at `missing` mean that everything read here is equal.
 */
export class SourceView {
  readonly roots = new Map<string, string>();
  readonly missing = new Set<string>();
  readonly problems: Problem[] = [];
  readonly #entries = new Map<string, GitEntry>();
  readonly #targets = new Map<string, string>();

  constructor(
    readonly trees: SourceTrees,
    readonly at: CommitPlace,
    readonly signal: AbortSignal,
  ) {}

  /** The real path of what lies at `path`, links followed; undefined when nothing does, or a problem was found. */
  async include(path: string): Promise<string | undefined> {
    let current = path;
    for (let hops = 0; hops < mostHops; hops++) {
      if (!this.#isKnown(current)) await this.#load(current);
      const step = prefixes(current).find((each) => this.#entries.get(each)?.mode === link);
      if (step === undefined) return this.#found(current);
      const next = this.#behind(step, current);
      if (next === undefined) return undefined;
      current = next;
    }
    return this.#report(path, 'symlink leads in a circle', 'replace it by what it should stand for');
  }

  /** Makes known what all links lead to, until nothing new appears; out of bounds and circles are problems. */
  async followLinks(): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const links = [...this.#entries.values()].filter(({ mode, path }) => mode === link && !seen.has(path));
      if (links.length === 0) return;
      for (const { path } of links) {
        seen.add(path);
        await this.include(path);
      }
    }
  }

  /** Everything known: what has to be written for a program. */
  get entries(): readonly GitEntry[] {
    return [...this.#entries.values()];
  }

  entry(path: string): GitEntry | undefined {
    return this.#entries.get(path);
  }

  isDirectory(path: string): boolean {
    return path === '.' || this.#entries.get(path)?.mode === '040000';
  }

  /** Names directly in a known directory. */
  names(directory: string): string[] {
    return [...this.#entries.keys()].flatMap((path) =>
      path !== '.' && posix.dirname(path) === directory ? [posix.basename(path)] : [],
    );
  }

  /** The text of a known file, links followed; undefined when there is none. */
  async text(path: string): Promise<string | undefined> {
    const real = await this.include(path);
    const entry = real === undefined ? undefined : this.#entries.get(real);
    if (entry === undefined || !entry.mode.startsWith('100')) return undefined;
    const contents = await this.trees.read(this.at.repoUrl, [entry], this.signal);
    return contents.get(entry.id)?.toString('utf8');
  }

  #isKnown(path: string): boolean {
    return this.missing.has(path) || [...this.roots.keys()].some((root) => isBelow(path, root));
  }

  async #load(path: string): Promise<void> {
    const [id] = await this.trees.ids(this.at, [path], this.signal);
    if (id !== undefined) {
      await this.#add(path, id, await this.trees.list(this.at, [path], { deep: true }, this.signal));
      return;
    }
    const way = await this.trees.list(this.at, prefixes(path), { deep: false }, this.signal);
    const step = way.find(({ mode }) => mode === link);
    if (step === undefined) this.missing.add(path);
    else await this.#add(step.path, step.id, [step]);
  }

  async #add(root: string, id: string, entries: readonly GitEntry[]): Promise<void> {
    this.roots.set(root, id);
    for (const entry of entries) this.#entries.set(entry.path, entry);
    const links = entries.filter(({ mode }) => mode === link);
    if (links.length === 0) return;
    const contents = await this.trees.read(this.at.repoUrl, links, this.signal);
    for (const each of links) this.#targets.set(each.path, contents.get(each.id)?.toString('utf8') ?? '');
  }

  #found(path: string): string | undefined {
    if (this.#entries.get(path)?.mode === '160000') {
      return this.#report(path, 'is a submodule, which is not fetched', 'commit its files instead');
    }
    return path === '.' || this.#entries.has(path) ? path : undefined;
  }

  /** Where `path` leads when its prefix `step` is a link. */
  #behind(step: string, path: string): string | undefined {
    const target = this.#targets.get(step) ?? '';
    const real = joinInside(posix.dirname(step), target);
    if (real !== undefined) return path === step ? real : posix.join(real, path.slice(step.length + 1));
    return this.#report(step, `symlink leads out of the repository, to ${target}`, 'replace it by the file');
  }

  #report(file: string, message: string, remedy: string): undefined {
    this.problems.push({ code: 'InvalidSpec', file, message, remedy });
  }
}
