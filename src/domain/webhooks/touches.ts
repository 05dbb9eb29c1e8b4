/**
 * Whether a push may change what an application renders, by Argo CD's `manifest-generate-paths` (`ApplicationSpec.generatePaths`, from
 * the repository's root): a changed file is one of the paths, lies below one, or matches one as a pattern (`*` and `?` stay within
 * a folder). Without paths, or without a complete list of files, it may.
 */
export function touches(
  changedFiles: readonly string[] | undefined,
  generatePaths: readonly string[] | undefined,
): boolean {
  if (changedFiles === undefined || changedFiles.length === 0) return true;
  if (generatePaths === undefined || generatePaths.length === 0) return true;
  const paths = generatePaths.map((path) => path.replace(/^\/+|\/+$/g, ''));
  if (paths.some((path) => path === '' || path === '.')) return true;
  const patterns = paths.filter((path) => /[*?[\\]/.test(path)).map(patternOf);
  return changedFiles.some((written) => {
    const file = written.replace(/^\/+/, '');
    return (
      paths.some((path) => file === path || file.startsWith(`${path}/`)) ||
      patterns.some((pattern) => pattern.test(file))
    );
  });
}

const globPart = /\\(.)|\[(\^?)([^\]]+)\]|(\*+)|(\?)|[.+^${}()|[\]\\/]/g;

/** Go's `filepath.Match`. */
function patternOf(glob: string): RegExp {
  try {
    return new RegExp(`^${glob.replace(globPart, sourceOf)}$`);
  } catch {
    // A set such as `[z-a]`: rather look once too often.
    return /^/;
  }
}

function sourceOf(...parts: readonly (string | undefined)[]): string {
  const [text = '', escaped, not = '', set, stars, one] = parts;
  if (escaped !== undefined) return escapeText(escaped);
  if (set !== undefined) return `(?!/)[${not}${set.replace(/[\\[\]^]/g, String.raw`\$&`)}]`;
  if (stars !== undefined) return '[^/]*';
  return one === undefined ? escapeText(text) : '[^/]';
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
