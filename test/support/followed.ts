import { ClientError } from '../../src/client';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { KubeObject } from '../../src/domain/kube-object';
import { isSettledAt } from './delivery';
import type { Environment } from './environment';
import { until } from './until';

/** An application as a test looks at it. */
export interface Followed {
  status(): Promise<ApplicationStatus>;
  /** Waits until the status fits; the last one seen is in the error. */
  waitFor(
    what: string,
    fits: (status: ApplicationStatus) => boolean,
    ms?: number,
  ): Promise<ApplicationStatus>;
  /** Waits until this revision is synced and healthy and nothing is under way. */
  settled(revision: string, ms?: number): Promise<ApplicationStatus>;
  objects(kind: string, apiVersion?: string): Promise<readonly KubeObject[]>;
}

/** `patience`: milliseconds that a wait takes at most, unless told; what is there ends it at once. */
export function follow(env: Environment, name: string, namespace: string, patience = 40_000): Followed {
  const followed: Followed = {
    status: () => env.client.applicationStatus(name),
    async waitFor(what, fits, ms = patience) {
      let last: ApplicationStatus | undefined;
      try {
        return await until(
          what,
          async () => {
            last = await env.client.applicationStatus(name).catch(noWorkerYet);
            return last !== undefined && fits(last) ? last : undefined;
          },
          ms,
        );
      } catch (error: unknown) {
        throw new Error(`${String(error)}; last seen: ${JSON.stringify({ ...last, spec: undefined })}`, {
          cause: error,
        });
      }
    },
    settled: (revision, ms) =>
      followed.waitFor(`${revision.slice(0, 12)} is synced and healthy`, isSettledAt(revision), ms),
    objects: (kind, apiVersion = 'apps/v1') => env.kube.list({ apiVersion, kind }, { namespace }),
  };
  return followed;
}

/** While a worker is away nobody answers; anything else is an error. */
export function noWorkerYet(error: unknown): undefined {
  if (error instanceof ClientError && (error.code === 'NoWorker' || error.code === 'Stuck')) return undefined;
  throw error;
}
