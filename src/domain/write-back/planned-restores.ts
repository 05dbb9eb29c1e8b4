import type { ApplicationSpec, SourceSpec } from '../application-spec';
import type { ApplicationState } from '../application-state';
import { normaliseRepoUrl } from '../repo-url';
import { outermost, pathsOfSource } from './written-paths';

/** One write to one branch. */
export interface PlannedRestore {
  readonly repoUrl: string;
  /** Full ref. */
  readonly branch: string;
  readonly paths: readonly string[];
  readonly good: string;
  readonly bad: string;
  /** Which sources of the application it brings back; 0 is the primary one. */
  readonly sources: readonly number[];
}

/** The revisions of all sources. */
export interface Pinned {
  readonly revision: string;
  readonly pins?: readonly string[];
}

/** A source that has changed and cannot be written. */
export interface Unwritable {
  readonly source: SourceSpec;
  readonly primary: boolean;
  /** True where the application had it not when the good revision was brought out. */
  readonly isNew: boolean;
}

/**
 * What must be written to bring the sources that differ between two sets of revisions back to the first: one write for each
 * repository and branch. A chart of a chart repository and what is tracked by tag or SHA cannot be written.
 */
export function planRestores(
  spec: ApplicationSpec,
  { branch, pinBranches }: Pick<ApplicationState, 'branch' | 'pinBranches'>,
  { good, bad }: { readonly good: Pinned; readonly bad: Pinned },
): { readonly restores: readonly PlannedRestore[]; readonly unwritable: readonly Unwritable[] } {
  const all = [spec.source, ...(spec.otherSources ?? [])];
  const restores = new Map<string, PlannedRestore>();
  const unwritable: Unwritable[] = [];
  all.forEach((source, index) => {
    const from = revisionAt(good, index);
    const to = revisionAt(bad, index);
    if (from === to) return;
    const paths = pathsOfSource(spec, index);
    if (source.chart === undefined && paths.length === 0) return; // nothing is taken from it
    const ref = index === 0 ? branch : pinBranches?.[index - 1];
    if (ref === undefined || ref === '' || from === '' || source.chart !== undefined) {
      unwritable.push({ source, primary: index === 0, isNew: from === '' });
      return;
    }
    const key = [normaliseRepoUrl(source.repoUrl), ref, from, to].join(' ');
    const known = restores.get(key);
    restores.set(key, {
      ...(known ?? { repoUrl: source.repoUrl, branch: ref, good: from, bad: to }),
      paths: outermost([...(known?.paths ?? []), ...paths]),
      sources: [...(known?.sources ?? []), index],
    });
  });
  return { restores: [...restores.values()], unwritable };
}

/** The revision of a source; empty text where it is not known. */
export function revisionAt({ revision, pins = [] }: Pinned, source: number): string {
  return source === 0 ? revision : (pins[source - 1] ?? '');
}

/** The same revisions with those of some sources replaced. */
export function withRevision(pinned: Pinned, sources: readonly number[], revision: string): Pinned {
  const pins = pinned.pins?.map((pin, index) => (sources.includes(index + 1) ? revision : pin));
  return {
    revision: sources.includes(0) ? revision : pinned.revision,
    ...(pins === undefined ? {} : { pins }),
  };
}
