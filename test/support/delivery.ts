import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { ApplicationStatus } from '../../src/domain/application-status';
import { delivered } from '../../tools/local/delivered';
import type { BareRepo } from './git-repo';

/** An application that delivers `path` of a repository to a namespace of its own name, and heals it. */
export function deliveredFrom(repo: BareRepo, name: string, path: string): ApplicationSpec {
  return delivered({ name, repoUrl: repo.dir, path });
}

export type Fits = (status: ApplicationStatus) => boolean;

/** This revision is synced and healthy, and nothing is under way. */
export function isSettledAt(revision: string): Fits {
  return ({ state, sync, health, operation }) =>
    state.synced === revision && sync === 'Synced' && health === 'Healthy' && operation === undefined;
}

/** This revision has failed, everything is healthy again, and nothing is under way. */
export function isBackFrom(bad: string): Fits {
  return ({ state, health, operation }) =>
    state.lastFailure?.revision === bad && health === 'Healthy' && operation === undefined;
}

/** Waits until a bad revision is taken back, in the cluster and in Git by one commit. */
export async function reverted(
  app: { readonly repo: BareRepo; waitFor(what: string, fits: Fits, ms?: number): Promise<unknown> },
  bad: string,
  ms = 90_000,
): Promise<void> {
  await app.waitFor('it is back', isBackFrom(bad), ms);
  expect(await app.repo.git('rev-list', '--count', `${bad}..main`)).toBe('1');
}
