import type { Problem, Read } from '../../domain/problem';
import type { Charts } from '../../ports/charts';
import { isPortError } from '../../ports/port-error';
import type { Remote } from './helm-chart';
import { mendable, notFetched, versionKey } from './helm-dependencies';
import { failed } from './plan';

/** What ranges of versions mean now: the key of a rendering holds the answer. Exact versions are not asked for. */
export async function resolveVersions(
  dependencies: readonly Remote[],
  charts: Charts | undefined,
  signal: AbortSignal,
): Promise<Read<ReadonlyMap<string, string>>> {
  const versions = new Map<string, string>();
  const problems: Problem[] = [];
  for (const dependency of dependencies) {
    const { repoUrl, name, version } = dependency;
    if (/^v?\d+\.\d+\.\d+(?:[-+]|$)/.test(version) || charts === undefined) continue;
    try {
      const found = await charts.resolve({ repoUrl, chart: name }, version || '*', signal);
      versions.set(versionKey(dependency), found);
    } catch (error: unknown) {
      if (!isPortError(error, ...mendable)) throw error;
      problems.push(notFetched(dependency, error.message));
    }
  }
  return problems.length > 0 ? failed(...problems) : { ok: true, value: versions };
}
