import type { BelayClient, ReleaseStatus, WaitOptions } from '../../src/client';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { ReleaseState } from '../../src/domain/release/state';

/** Creates applications and waits until all are healthy at a revision. */
export async function createMembers(
  client: BelayClient,
  specs: readonly ApplicationSpec[],
  { revision, timeoutMs }: { readonly revision: string; readonly timeoutMs: number },
): Promise<void> {
  for (const spec of specs) await client.createApplication(spec);
  for (const { name } of specs)
    await client.waitFor(
      name,
      ({ health, sync, state }) => health === 'Healthy' && sync === 'Synced' && state.synced === revision,
      { timeoutMs },
    );
}

/** The newest release of a name, once it fits; a worker that is away is waited for. */
export async function releaseOnce(
  client: BelayClient,
  name: string,
  fits: (release: ReleaseState) => boolean,
  options: WaitOptions,
): Promise<ReleaseState> {
  const isIt = ({ release }: ReleaseStatus): boolean => release !== undefined && fits(release);
  const { release } = await client.releases.waitFor(name, isIt, options);
  // `isIt` has seen it.
  return release as ReleaseState;
}

/** The release that brings a commit, once it has ended. */
export function releaseEnded(
  client: BelayClient,
  name: string,
  revision: string,
  options: WaitOptions,
): Promise<ReleaseState> {
  return releaseOnce(
    client,
    name,
    (release) => brings(release, revision) && release.endedAt !== undefined,
    options,
  );
}

/** Whether the release brings the commit. */
export function brings({ members }: ReleaseState, revision: string): boolean {
  return Object.values(members).some((member) => member.revision === revision);
}
