import type { ApplicationSpec, SourceSpec } from '../application-spec';
import { resolvePath } from '../read-repo-path';

/**
 * What of a source's repository decides the manifests of an application, from the repository's root: its path, components and files of
 * patches and values outside of it, files that other sources take from it by `$ref`, and what `manifest-generate-paths` names. None
 * lies inside another. Empty for a chart of a chart repository, and where nothing refers to a source that is only referred to.
 */
export function writtenPaths(
  source: SourceSpec,
  all: readonly SourceSpec[],
  generatePaths: readonly string[] = [],
): readonly string[] {
  const { ref, refOnly, chart } = source;
  if (chart !== undefined) return [];
  const own = refOnly === true ? [] : [source.path, ...filesOf(source), ...editsOf(source)];
  const lent = ref === undefined ? [] : all.flatMap((each) => lentBy(ref, each));
  return outermost([...own, ...lent, ...generatePaths.filter(canGoBack)]);
}

/** The written paths of one source of an application; 0 is the primary one. */
export function pathsOfSource(spec: ApplicationSpec, index: number): readonly string[] {
  const { source, otherSources = [], generatePaths, generatePathsBySource } = spec;
  const all = [source, ...otherSources];
  const wanted = all[index];
  // The entries of other sources may be paths of other repositories.
  const shared = generatePathsBySource === undefined ? generatePaths : generatePathsBySource[index];
  return wanted === undefined ? [] : writtenPaths(wanted, all, shared);
}

/**
 * A pattern names nothing that could be put back as a whole, and the root says "anything": to take a whole repository back because one
 * of its applications failed is nobody's wish. (The root as the path of the source itself is meant.)
 */
function canGoBack(path: string): boolean {
  return path !== '.' && !/[*?[\]{}]/.test(path);
}

/** Files of values in the source's own repository. */
function filesOf({ path, helm }: SourceSpec): readonly string[] {
  return namedFiles(helm)
    .filter((file) => !file.startsWith('$'))
    .flatMap((file) => resolvePath(file.startsWith('/') ? '.' : path, file) ?? []);
}

/** What the Application adds to the kustomization. */
function editsOf({ path, kustomize }: SourceSpec): readonly string[] {
  const patches = (kustomize?.patches ?? []).map((patch) => patch.path);
  return [...(kustomize?.components ?? []), ...patches]
    .filter((each) => typeof each === 'string')
    .flatMap((each) => resolvePath(path, each) ?? []);
}

function lentBy(ref: string, { helm }: SourceSpec): readonly string[] {
  return namedFiles(helm)
    .filter((file) => file.startsWith(`$${ref}/`))
    .flatMap((file) => resolvePath('.', file.slice(ref.length + 2)) ?? []);
}

function namedFiles(helm: SourceSpec['helm']): readonly string[] {
  return [...(helm?.valueFiles ?? []), ...(helm?.fileParameters ?? []).map(({ path }) => path)];
}

/** Without those that lie inside another. */
export function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)];
  if (unique.includes('.')) return ['.'];
  return unique.filter((path) => !unique.some((other) => path.startsWith(`${other}/`)));
}
