import { posix } from 'node:path';
import type { Problem } from '../../domain/problem';
import { isMap, type JsonMap } from '../../domain/read-json';
import { parseMap } from './parse-yaml';
import { joinInside } from './paths';
import type { SourceView } from './source-view';

/** A chart that `helm template` needs in `charts/` and that is not there. */
export type Dependency =
  | { readonly kind: 'local'; readonly name: string; readonly chart: ChartTree }
  | {
      readonly kind: 'remote';
      readonly name: string;
      readonly repoUrl: string;
      /** Exact where a Chart.lock says so. */
      readonly version: string;
      readonly isLocked: boolean;
      readonly file: string;
      readonly line: number;
    };

/** A chart of a chart repository that another chart needs. */
export type Remote = Extract<Dependency, { kind: 'remote' }>;

/** A chart in the repository with the charts that have to be put beside it. */
export interface ChartTree {
  readonly path: string;
  readonly name: string;
  readonly dependencies: readonly Dependency[];
}

/**
 * Reads a chart and what it depends on: vendored charts stay, `file://` ones are followed, others are noted with the version of
 * Chart.lock. Problems go to `view.problems`.
 */
export async function readChart(
  view: SourceView,
  path: string,
  parents: readonly string[] = [],
): Promise<ChartTree> {
  const file = posix.join(path, 'Chart.yaml');
  const text = await view.text(file);
  const parsed = text === undefined ? undefined : parseMap(text, file);
  if (parsed === undefined) {
    view.problems.push({ code: 'PathNotFound', file, message: 'the chart has no Chart.yaml' });
    return { path, name: '', dependencies: [] };
  }
  if (!parsed.ok) {
    view.problems.push(parsed.problem);
    return { path, name: '', dependencies: [] };
  }
  const name = typeof parsed.value['name'] === 'string' ? parsed.value['name'] : posix.basename(path);
  if (parents.includes(path)) {
    view.problems.push({ code: 'InvalidSpec', file, message: `chart ${name} depends on itself` });
    return { path, name, dependencies: [] };
  }
  const locked = await readLock(view, path);
  const vendored = await vendoredNames(view, posix.join(path, 'charts'));
  const dependencies: Dependency[] = [];
  for (const [index, written] of entriesOf(parsed.value).entries()) {
    const line = parsed.lineOf(['dependencies', index]) ?? 1;
    const dependency = readDependency(written);
    if (dependency === undefined || vendored.some((is) => is(dependency.name))) continue;
    const report = (facts: Pick<Problem, 'message'> & Partial<Problem>) =>
      view.problems.push({ code: 'InvalidSpec', file, line, field: `dependencies[${index}]`, ...facts });
    const { repository } = dependency;
    if (repository.startsWith('file://')) {
      const place = joinInside(path, repository.slice('file://'.length));
      const real = place === undefined ? undefined : await view.include(place);
      if (real !== undefined) {
        const chart = await readChart(view, real, [...parents, path]);
        dependencies.push({ kind: 'local', name: dependency.name, chart });
      } else {
        const what = place === undefined ? 'leads out of the repository' : 'does not exist';
        report({ message: `${repository} ${what}`, value: repository, remedy: 'correct the path' });
      }
    } else if (/^(?:https?|oci):\/\//.test(repository)) {
      const lock = locked(dependency.name, repository);
      const version = lock ?? dependency.version;
      const rest = { repoUrl: repository, version, isLocked: lock !== undefined, file, line };
      dependencies.push({ kind: 'remote', name: dependency.name, ...rest });
    } else {
      const message =
        repository === ''
          ? `chart ${dependency.name} is not in charts/ and names no repository`
          : `repository ${repository} of chart ${dependency.name} is no URL of a chart repository`;
      report({
        message,
        value: repository,
        remedy: 'write its https:// or oci:// URL, or commit the chart in charts/',
      });
    }
  }
  return { path, name, dependencies };
}

function entriesOf(chart: JsonMap): readonly unknown[] {
  const list = chart['dependencies'];
  return Array.isArray(list) ? list : [];
}

function readDependency(value: unknown): { name: string; version: string; repository: string } | undefined {
  if (!isMap(value) || typeof value['name'] !== 'string') return undefined;
  const { name } = value;
  return { name, version: textOf(value['version']), repository: textOf(value['repository']) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The version that Chart.lock has for a dependency. */
async function readLock(
  view: SourceView,
  path: string,
): Promise<(name: string, repository: string) => string | undefined> {
  const file = posix.join(path, 'Chart.lock');
  const text = view.names(path).includes('Chart.lock') ? await view.text(file) : undefined;
  const parsed = text === undefined ? undefined : parseMap(text, file);
  if (parsed?.ok === false) view.problems.push(parsed.problem);
  const entries =
    parsed?.ok === true ? entriesOf(parsed.value).flatMap((each) => readDependency(each) ?? []) : [];
  return (name, repository) =>
    entries.find((each) => each.name === name && each.repository === repository)?.version;
}

/** Tells of a name whether `charts/` holds a chart of it, unpacked or as an archive. */
async function vendoredNames(view: SourceView, charts: string): Promise<((name: string) => boolean)[]> {
  const found: ((name: string) => boolean)[] = [];
  for (const entry of view.names(charts)) {
    const archive = /^(.+)-v?\d.*\.tgz$/.exec(entry)?.[1];
    if (archive !== undefined) found.push((name) => name === archive);
    const file = posix.join(charts, entry, 'Chart.yaml');
    const text = view.entry(file) === undefined ? undefined : await view.text(file);
    const parsed = text === undefined ? undefined : parseMap(text, file);
    if (parsed?.ok === true) found.push((name) => name === parsed.value['name']);
  }
  return found;
}
