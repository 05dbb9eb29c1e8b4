import type { BelayClient } from '../../client/belay-client';
import type { CliContext } from '../context';
import { UsageError } from '../usage-error';
import { openClone } from './clone';
import { removeExperiment, type ExperimentFile } from './experiment';
import { takeOut } from './left-over';
import { findDrilled } from './subject';

/**
 * Takes out of Git what drills of an application, or of a release, have left; answers the commit, or undefined where nothing was left.
 * What Belay is about to take back by itself is waited for.
 */
export async function cleanUp(
  { env }: Pick<CliContext, 'env'>,
  client: BelayClient,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
): Promise<readonly string[]> {
  const revisions: string[] = [];
  const branches = new Map<string, { repoUrl: string; branch: string; paths: string[] }>();
  for (const application of await findDrilled(client, name, timeoutMs)) {
    const { spec, state } = await client.waitFor(application, (status) => status.operation === undefined, {
      timeoutMs,
    });
    const { branch } = state;
    if (branch === undefined) continue;
    const { repoUrl, path } = spec.source;
    const key = `${repoUrl} ${branch}`;
    const known = branches.get(key) ?? { repoUrl, branch, paths: [] };
    branches.set(key, { ...known, paths: [...known.paths, path] });
  }
  if (branches.size === 0) throw new UsageError(`${name} follows no branch, so it cannot have been drilled`);
  for (const { repoUrl, branch, paths } of branches.values()) {
    const clone = await openClone({ repoUrl, branch, env });
    try {
      const out = await takeOut(clone, name, paths);
      if (out !== undefined) revisions.push(out);
    } finally {
      await clone.close();
    }
  }
  return revisions;
}

/** Deletes what drills of an application, or of a release, have left of an experiment in the cluster; answers the names. */
export async function cleanUpExperiment(
  { env }: Pick<CliContext, 'env'>,
  client: BelayClient,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
  experiment: ExperimentFile,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const application of await findDrilled(client, name, timeoutMs)) {
    const { spec } = await client.applicationStatus(application);
    const { namespace } = spec.destination;
    names.push(...(await removeExperiment(experiment, { application, namespace }, env)));
  }
  return names;
}
