import type { Problem } from '../../domain/problem';
import { isUnder } from '../../domain/repo-url';
import type { SourceTrees } from '../../ports/git';
import { isPortError } from '../../ports/port-error';
import { parseBase } from './kustomize-base-url';
import { SourceView } from './source-view';

/** Repositories that kustomizations may name as bases, and how their refs are resolved. */
export interface AllowedBases {
  /** Repositories, hosts, or paths above several. */
  readonly allow: readonly string[];
  /** The commit of a branch, tag or commit. Throws PortError. */
  readonly resolve: (repoUrl: string, ref: string, signal: AbortSignal) => Promise<string>;
}

/** A commit of another repository that a kustomization has as a base. */
export interface Base {
  readonly repoUrl: string;
  readonly ref: string;
  readonly revision: string;
  readonly view: SourceView;
  /** Directory of its copy, from the root of the files that Kustomize sees. */
  readonly mount: string;
}

type Refusal = Pick<Problem, 'message'> & Partial<Problem>;
export type FoundBase = { readonly base: Base; readonly path: string } | { readonly refusal: Refusal };

/** Finds the bases of one rendering: each commit of each repository once. */
export class Bases {
  readonly #found = new Map<string, Base>();

  constructor(
    readonly trees: SourceTrees,
    readonly allowed: AllowedBases | undefined,
    readonly signal: AbortSignal,
  ) {}

  get all(): readonly Base[] {
    return [...this.#found.values()];
  }

  async find(value: string): Promise<FoundBase> {
    const asked = parseBase(value);
    const facts = { code: 'Unsupported', value } as const;
    if (asked === undefined) {
      const remedy = 'commit it to the repository and name its path';
      return { refusal: { ...facts, message: `${value} is on the network and no Git repository`, remedy } };
    }
    const { repoUrl, path, ref } = asked;
    if (this.allowed?.allow.some((prefix) => isUnder(prefix, repoUrl)) !== true) {
      const remedy =
        'commit it to the repository and name its path, or let the worker fetch it: --allow-bases';
      return {
        refusal: { ...facts, message: `${value} is in a repository that is not allowed as a base`, remedy },
      };
    }
    if (ref === undefined) {
      const remedy = 'add ?ref= with a commit or a tag';
      return { refusal: { ...facts, message: `${value} names no revision`, remedy } };
    }
    try {
      const revision = await this.allowed.resolve(repoUrl, ref, this.signal);
      return { base: this.#baseAt({ repoUrl, ref, revision }), path };
    } catch (error: unknown) {
      if (!isPortError(error, 'RevisionNotFound')) throw error;
      return {
        refusal: { code: 'RevisionNotFound', message: error.message, value, remedy: 'correct its ref' },
      };
    }
  }

  #baseAt(at: Pick<Base, 'repoUrl' | 'ref' | 'revision'>): Base {
    const mount = mountOf(at);
    const known = this.#found.get(mount);
    if (known !== undefined) return known;
    const base = { ...at, mount, view: new SourceView(this.trees, at, this.signal) };
    this.#found.set(mount, base);
    return base;
  }
}

/** Readable, because problems name files below it. */
function mountOf({ repoUrl, revision }: Pick<Base, 'repoUrl' | 'revision'>): string {
  const name = repoUrl.replace(/^[a-z+]*:\/\//i, '').replace(/^[^@/]*@/, '');
  return `.belay-bases/${name.replace(/\.git$/, '').replaceAll(/[^A-Za-z0-9.-]+/g, '-')}@${revision.slice(0, 12)}`;
}

/** Whether all refs still name the same commits. */
export async function areCurrent(
  bases: readonly Base[],
  allowed: AllowedBases | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  for (const { repoUrl, ref, revision } of bases) {
    if ((await allowed?.resolve(repoUrl, ref, signal)) !== revision) return false;
  }
  return true;
}

const rememberedMs = 30_000;

/** Asks for each ref once in half a minute: a sync looks at its rendering several times. */
export function rememberingRefs({ allow, resolve }: AllowedBases): AllowedBases {
  const known = new Map<string, { readonly at: number; readonly revision: string }>();
  return {
    allow,
    async resolve(repoUrl, ref, signal) {
      if (/^[0-9a-f]{40}$/.test(ref)) return ref;
      const key = `${repoUrl} ${ref}`;
      const before = known.get(key);
      const now = performance.now();
      if (before !== undefined && now - before.at < rememberedMs) return before.revision;
      const revision = await resolve(repoUrl, ref, signal);
      known.set(key, { at: now, revision });
      return revision;
    },
  };
}
