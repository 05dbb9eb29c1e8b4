import type { Watched } from '../messages/observer';
import { isPortError } from '../ports/port-error';
import type { Ports } from './ports';

/** A revision that took the place of another one at a ref. */
export interface Move {
  readonly repoUrl: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Those of the sources that find at `to` just what they used at `from`. A few processes answer for all of them. What is not known, or
 * cannot be asked, counts as changed.
 */
export async function findUnconcerned(
  { trees, usedPaths }: Pick<Ports, 'trees' | 'usedPaths'>,
  { repoUrl, from, to }: Move,
  sources: readonly Watched[],
  signal: AbortSignal,
): Promise<readonly Watched[]> {
  const known = sources.flatMap((source) => {
    const paths = usedPaths?.pathsAt(source, from);
    return paths === undefined ? [] : [{ source, paths }];
  });
  if (trees === undefined || known.length === 0) return [];
  const asked = [...new Set(known.flatMap(({ paths }) => paths))];
  try {
    const before = await trees.ids({ repoUrl, revision: from }, asked, signal);
    const after = await trees.ids({ repoUrl, revision: to }, asked, signal);
    const same = new Set(asked.filter((_path, index) => before[index] === after[index]));
    return known.filter(({ paths }) => paths.every((path) => same.has(path))).map(({ source }) => source);
  } catch (error: unknown) {
    if (isPortError(error) || signal.aborted) return [];
    throw error;
  }
}
