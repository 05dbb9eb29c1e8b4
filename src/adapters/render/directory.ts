import type { Problem, Read } from '../../domain/problem';
import type { GitEntry, TreeFile } from '../../ports/git';
import { compileGlob } from './glob';
import { isBelow } from './paths';
import { failed, type Plan, type PlanRequest } from './plan';

/** Argo CD's own files of settings, which are no manifests. */
const settings = /^\.argocd-source(?:-.+)?\.yaml$/;

/**
 * Plain manifests: the YAML, JSON and Jsonnet files of a directory, with `recurse` also those below. `exclude` wins over `include`;
 * both see the path relative to the directory. Links to files inside the repository are followed, links to directories are not.
 */
export async function planDirectory({ source, path, view }: PlanRequest): Promise<Read<Plan>> {
  const { recurse, directory = {} } = source;
  const wants = chooser(directory);
  if (!wants.ok) return wants;
  const files: { readonly path: string; readonly entry: GitEntry }[] = [];
  for (const entry of view.entries) {
    const relative = path === '.' ? entry.path : entry.path.slice(path.length + 1);
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
    if (!isBelow(entry.path, path) || !/\.(?:ya?ml|json|jsonnet)$/.test(name) || settings.test(name))
      continue;
    if ((!recurse && relative.includes('/')) || !wants.value(relative)) continue;
    const real = await view.include(entry.path);
    const content = real === undefined ? undefined : view.entry(real);
    if (content?.mode.startsWith('100') === true) files.push({ path: entry.path, entry: content });
  }
  if (view.problems.length > 0) return failed(...view.problems);
  const material = { recurse, directory };
  return {
    ok: true,
    value: {
      material,
      render: async ({ signal }) => {
        const entries = files.map(({ entry }) => entry);
        const contents = await view.trees.read(view.at.repoUrl, entries, signal);
        return decodeAll(files.map((file) => ({ path: file.path, bytes: contents.get(file.entry.id) })));
      },
    },
  };
}

function chooser({
  include,
  exclude,
}: {
  include?: string;
  exclude?: string;
}): Read<(path: string) => boolean> {
  const problems: Problem[] = [];
  const compile = (field: 'include' | 'exclude', glob: string | undefined) => {
    const compiled = glob === undefined || glob === '' ? undefined : compileGlob(glob);
    if (compiled === undefined && glob !== undefined && glob !== '') {
      const message = `"${glob}" is no glob`;
      const remedy = 'close its brackets and braces, such as {a.yaml,b/*.yaml}';
      problems.push({
        code: 'InvalidSpec',
        field: `spec.source.directory.${field}`,
        message,
        value: glob,
        remedy,
      });
    }
    return compiled;
  };
  const [included, excluded] = [compile('include', include), compile('exclude', exclude)];
  if (problems.length > 0) return failed(...problems);
  return { ok: true, value: (path) => excluded?.(path) !== true && included?.(path) !== false };
}

/** Files as texts; what is no UTF-8 is a problem of its own. */
function decodeAll(files: readonly { path: string; bytes: Buffer | undefined }[]): Read<readonly TreeFile[]> {
  const problems: Problem[] = [];
  const read = files.map(({ path, bytes = Buffer.alloc(0) }): TreeFile => {
    try {
      return { path, content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      const message = 'is not UTF-8 text';
      problems.push({ code: 'InvalidYaml', file: path, line: 1, message, remedy: 'save it as UTF-8' });
      return { path, content: '' };
    }
  });
  if (problems.length > 0) return failed(...problems);
  return { ok: true, value: read.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
