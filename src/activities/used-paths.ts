import { createHash } from 'node:crypto';
import type { ApplicationSpec } from '../domain/application-spec';
import { pathsOfSource } from '../domain/write-back/written-paths';
import type { Watched } from '../messages/observer';
import type { PathsOf } from '../ports/render';

/** A revision of an application that was read. */
interface ReadRevision {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  /** Revisions of the other sources. */
  readonly pins?: readonly string[] | undefined;
}

interface Used {
  /** The sources that it was read by. */
  readonly sources: string;
  /** By source, the primary one first. */
  readonly at: { readonly repoUrl: string; revision: string; readonly paths: readonly string[] }[];
}

/**
 * What each application uses of its repositories, noted when a revision of it is read. So a commit elsewhere in a repository is told
 * from one that concerns it. Only what this very process has read is known; about anything else the answer is "unknown", and the
 * application has to look.
 */
export class UsedPaths {
  readonly #used = new Map<string, Used>();

  /** What was read of a revision; `uses` undefined: any other commit may give something else. */
  note(read: ReadRevision, uses: readonly PathsOf[] | undefined): void {
    const { spec, revision, pins = [] } = read;
    if (uses === undefined) return this.forget(spec.name);
    const at = [spec.source, ...(spec.otherSources ?? [])].map(({ repoUrl }, index) => {
      const written = pathsOfSource(spec, index);
      const policies = index === 0 && spec.policies !== undefined ? [spec.policies] : [];
      const rendered = uses.flatMap((each) => (each.repoUrl === repoUrl ? each.paths : []));
      const paths = [...new Set([...rendered, ...written, ...policies])];
      return { repoUrl, revision: index === 0 ? revision : (pins[index - 1] ?? ''), paths };
    });
    this.#used.set(spec.name, { sources: sourcesKey(spec), at });
  }

  forget(application: string): void {
    this.#used.delete(application);
  }

  /** The paths that the source uses at this revision; undefined where that is not known. */
  pathsAt(
    { application, source = 0, sources, chart }: Watched,
    revision: string,
  ): readonly string[] | undefined {
    const used = this.#used.get(application);
    const found = used?.at[source];
    if (used?.sources !== sources || chart !== undefined || found?.revision !== revision) return undefined;
    return found.paths;
  }

  /** The source holds at this revision what it holds at the one before. */
  moved({ application, source = 0 }: Watched, revision: string): void {
    const found = this.#used.get(application)?.at[source];
    if (found !== undefined) found.revision = revision;
  }
}

/** Names everything of a specification that decides what is read of a commit. */
export function sourcesKey(spec: ApplicationSpec): string {
  const { source, otherSources, generatePaths, policies, destination } = spec;
  const text = JSON.stringify([source, otherSources, generatePaths, policies, destination]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
