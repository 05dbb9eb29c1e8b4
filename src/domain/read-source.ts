import type { SourceSpec } from './application-spec';
import type { Fields } from './fields';
import { readChart } from './read-chart';
import { readDirectory } from './read-directory';
import { readHelm } from './read-helm';
import { readKustomize } from './read-kustomize';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readRepoUrl } from './read-repo-url';
import { readTargetRevision } from './read-target-revision';
import { readText } from './read-texts';

const refusals: Refusals = {
  plugin: [
    'a config management plugin is',
    'commit the rendered manifests and point spec.source.path at them',
  ],
  tagPrefix: ['tagPrefix is', 'name the branch, tag or commit itself in spec.source.targetRevision'],
};
const toolKeys = ['helm', 'kustomize', 'directory'] as const;
type ToolKey = (typeof toolKeys)[number];

/**
 * Reads one source. `refs` are the names that its value files may refer to; undefined when it names no repository.
 * `isOneOfMany`: an entry of `spec.sources`, which delivers nothing itself where it has a `ref` and no path.
 */
export function readSource(
  source: Fields,
  { refs, isOneOfMany }: { readonly refs: readonly string[]; readonly isOneOfMany: boolean },
): SourceSpec | undefined {
  refuse(source, refusals);
  source.string('name');
  const ref = readRef(source);
  const isChart = readText(source, 'chart') !== undefined;
  const isSilent = isOneOfMany && !isChart && readText(source, 'path') === undefined;
  const refOnly = isSilent && ref !== undefined;
  if (isSilent && readText(source, 'ref') === undefined) reportNothingNamed(source);
  const place = isChart ? readChart(source) : readGitPlace(source);
  const path = isChart ? '.' : readPath(source);
  const { recurse, directory } = readDirectory(source);
  const kustomize = readKustomize(source, path);
  const helm = readHelm(source, { chartPath: isChart ? undefined : path, refs });
  const said = { helm, kustomize, directory: directory ?? (recurse || undefined) };
  checkTools(source, { said: toolKeys.filter((key) => said[key] !== undefined), isChart, refOnly });
  reportUnknown(source);
  if (place === undefined) return undefined;
  return {
    ...place,
    path,
    recurse,
    ...(ref !== undefined && { ref }),
    ...(refOnly && { refOnly }),
    ...(directory !== undefined && { directory }),
    ...(kustomize !== undefined && { kustomize }),
    ...(helm !== undefined && { helm }),
  };
}

function readGitPlace(source: Fields): Pick<SourceSpec, 'repoUrl' | 'targetRevision'> | undefined {
  const repoUrl = readRepoUrl(source);
  const targetRevision = readTargetRevision(source);
  return repoUrl === undefined ? undefined : { repoUrl, targetRevision };
}

function readRef(source: Fields): string | undefined {
  const ref = readText(source, 'ref');
  if (ref === undefined) return undefined;
  const advice = { value: ref, remedy: 'use letters, digits, dashes and underscores' };
  if (!/^[A-Za-z0-9_-]+$/.test(ref)) return source.invalid('ref', `"${ref}" is no name of a source`, advice);
  if (readText(source, 'chart') === undefined) return ref;
  const message = 'a ref to a chart of a chart repository is not supported';
  const remedy = 'put the value files into a Git repository, and give that source the ref';
  source.report({ code: 'Unsupported', path: [...source.path, 'ref'], message, remedy });
  return undefined;
}

function reportNothingNamed(source: Fields): void {
  const message = 'names neither a path, a chart nor a ref';
  const remedy = "write one of them; path: . is the repository's root";
  source.report({ code: 'InvalidSpec', path: source.path, message, remedy });
}

function readPath(source: Fields): string {
  const path = source.string('path') ?? '.';
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const rest = { value: path, remedy: "write it relative to the repository's root, such as deploy/web" };
  if (path.startsWith('/')) source.invalid('path', `path ${path} is absolute`, rest);
  if (names.includes('..')) source.invalid('path', `path ${path} has ".." in it`, rest);
  if (/[\p{Cc}\\]/u.test(path)) source.invalid('path', 'has characters that no path has', rest);
  return names.length === 0 ? '.' : names.join('/');
}

interface Tools {
  /** The tools whose fields ask for something. */
  readonly said: readonly ToolKey[];
  readonly isChart: boolean;
  readonly refOnly: boolean;
}

/** A source is made by one tool. Argo CD refuses two as well, and takes no notice of what a source without path says. */
function checkTools(source: Fields, { said, isChart, refOnly }: Tools): void {
  const [first, ...more] = refOnly || isChart ? ['', ...said] : said;
  for (const key of more) {
    if (refOnly) {
      const remedy = 'remove it, or write the path that the source delivers';
      source.invalid(key, 'has no effect on a source that is only referred to', { remedy });
    } else if (isChart) {
      const remedy = 'remove it: the chart is rendered by Helm';
      if (key !== 'helm') source.invalid(key, 'has no effect on a chart of a chart repository', { remedy });
    } else {
      source.invalid(key, `${first ?? ''} and ${key} are both given`, { remedy: 'keep one of them' });
    }
  }
}
