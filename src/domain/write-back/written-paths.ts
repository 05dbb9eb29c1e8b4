import type { SourceSpec } from '../application-spec';
import { resolvePath } from '../read-repo-path';

/**
 * What of a source's repository decides the manifests of an application, from the repository's root: its path, files of values outside
 * of it, those that other sources take from it by `$ref`, and, of the primary source, what `manifest-generate-paths` names. None lies
 * inside another. Patterns name nothing that could be put back as a whole and are left out.
 */
export function writtenPaths(
  source: SourceSpec,
  all: readonly SourceSpec[],
  generatePaths: readonly string[] = [],
): readonly string[] {
  const own = source.refOnly === true ? [] : [source.path, ...filesOf(source)];
  const { ref } = source;
  const lent = ref === undefined ? [] : all.flatMap((each) => lentBy(ref, each));
  return outermost([...own, ...lent, ...generatePaths].filter((path) => !/[*?[\]{}]/.test(path)));
}

/** Files of values in the source's own repository. */
function filesOf({ path, helm }: SourceSpec): readonly string[] {
  return namedFiles(helm)
    .filter((file) => !file.startsWith('$'))
    .flatMap((file) => resolvePath(file.startsWith('/') ? '.' : path, file) ?? []);
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
