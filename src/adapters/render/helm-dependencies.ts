import { copyFile, cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../../domain/problem';
import type { Charts } from '../../ports/charts';
import { isPortError, type PortErrorCode } from '../../ports/port-error';
import type { ChartTree, Remote } from './helm-chart';
import { placeOf, type Jail } from './jail';
import { failed } from './plan';

/** What a chart repository says that only a change of the chart mends. */
export const mendable: readonly PortErrorCode[] = [
  'RevisionNotFound',
  'PathNotFound',
  'Forbidden',
  'InvalidSpec',
  'Invalid',
  'Limit',
];

/** What a range of versions was asked of. */
export function versionKey({ repoUrl, name, version }: Remote): string {
  return JSON.stringify([repoUrl, name, version]);
}

/** What has to be fetched for a chart, and for the charts it brings from the repository. */
export function remotes({ dependencies }: ChartTree): Remote[] {
  return dependencies.flatMap((each) => (each.kind === 'remote' ? [each] : remotes(each.chart)));
}

interface Putting {
  readonly jail: Jail;
  readonly charts: Charts | undefined;
  /** Versions that ranges were resolved to, by `versionKey`. */
  readonly versions: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** Puts into `charts/` what the chart lacks there, the charts of its charts first. */
export async function putDependencies(
  put: Putting,
  { path, dependencies }: ChartTree,
): Promise<{ readonly ok: false; readonly problems: readonly Problem[] } | undefined> {
  const target = put.jail.path(placeOf({ path }), 'charts');
  for (const [index, dependency] of dependencies.entries()) {
    await mkdir(target, { recursive: true });
    if (dependency.kind === 'local') {
      const wrong = await putDependencies(put, dependency.chart);
      if (wrong !== undefined) return wrong;
      const from = put.jail.path(placeOf({ path: dependency.chart.path }));
      await cp(from, join(target, `${dependency.name}-${index}`), {
        recursive: true,
        dereference: true,
        // A chart may lie below the one that depends on it.
        filter: (file) => !file.startsWith(target),
      });
      continue;
    }
    try {
      const { repoUrl, name } = dependency;
      const version = put.versions.get(versionKey(dependency)) ?? dependency.version;
      const fetched = await put.charts?.fetch({ repoUrl, chart: name }, version, put.signal);
      if (fetched !== undefined)
        await copyFile(fetched.archive, join(target, `${index}-${basename(fetched.archive)}`));
    } catch (error: unknown) {
      if (isPortError(error, ...mendable)) return failed(notFetched(dependency, error.message));
      throw error;
    }
  }
  return undefined;
}

/** The problem of a chart that its repository does not have, or that may not be fetched. */
export function notFetched({ name, version, file, line }: Remote, why: string): Problem {
  const remedy = 'correct the dependency, or commit the chart in charts/';
  return { code: 'InvalidSpec', file, line, message: `chart ${name} ${version}: ${why}`, remedy };
}

/** The problem of a worker that fetches no charts. */
export function noCharts({ name, repoUrl, file, line }: Remote): Problem {
  return {
    code: 'Unsupported',
    file,
    line,
    message: `chart ${name} is not in charts/, and this worker fetches none from ${repoUrl}`,
    remedy: 'commit it in charts/, or allow the chart repository',
  };
}
