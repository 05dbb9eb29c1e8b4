import type { ReleaseState } from '../../src/domain/release/state';
import {
  applicationsOf,
  manifestsOf,
  servicesInWaves,
  type ManyServices,
} from '../../tools/local/many-services';
import { brings, createMembers } from '../../tools/local/releases';
import { deployedVersions, watchServices, type ServiceVersions } from '../../tools/local/service-versions';
import type { Environment } from './environment';
import { noWorkerYet } from './followed';
import { commitFiles, createBareRepo, type BareRepo } from './git-repo';
import { until } from './until';

/** Several services of one repository that are released as one, healthy at `v1`. */
export interface ReleaseShop {
  readonly repo: BareRepo;
  readonly services: ManyServices;
  readonly names: readonly string[];
  readonly traffic: ServiceVersions;
  /** Commits a version of all of them; the image of `broken` does not exist. */
  push(version: string, broken?: string): Promise<string>;
  /** The newest release, once it fits. */
  release(what: string, fits: (release: ReleaseState) => boolean, ms?: number): Promise<ReleaseState>;
  /** The release that brings a commit, once it has ended. */
  ended(revision: string, ms?: number): Promise<ReleaseState>;
  /** `name:tag` of every Deployment. */
  deployed(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The set-up claims nothing about time. Milliseconds. */
const setUpMs = 180_000;

/** Creates repository and applications in a namespace of the release's name, and waits until all are healthy. */
export async function openReleaseShop(
  env: Environment,
  { release, services, waves }: { release: string; services: number; waves: number },
): Promise<ReleaseShop> {
  const repo = await createBareRepo();
  const many = servicesInWaves(release, services, waves);
  const names = many.waves.flat();
  const push = (version: string, broken?: string) =>
    commitFiles(repo, manifestsOf(many, version, broken), { message: `Ship ${version}` });
  const first = await push('v1');
  const specs = applicationsOf(many, { repoUrl: repo.dir, namespace: release });
  await createMembers(env.client, specs, { revision: first, timeoutMs: setUpMs });
  const idle = ({ releases }: { releases?: { running?: unknown } }) => releases?.running === undefined;
  await env.client.releases.waitFor(release, idle, { timeoutMs: setUpMs });
  const traffic = await watchServices(env.kube, release);
  await until('all endpoints are listed', () => {
    traffic.mark();
    return names.every((name) => traffic.lowest(name) === 2);
  });

  async function look(
    what: string,
    fits: (release: ReleaseState) => boolean,
    ms = 90_000,
  ): Promise<ReleaseState> {
    let last: ReleaseState | undefined;
    try {
      return await until(
        what,
        async () => {
          last = (await env.client.releases.status(release).catch(noWorkerYet))?.release;
          return last !== undefined && fits(last) ? last : undefined;
        },
        ms,
      );
    } catch (error: unknown) {
      throw new Error(`${String(error)}; last seen: ${JSON.stringify(last)}`, { cause: error });
    }
  }
  return {
    repo,
    services: many,
    names,
    traffic,
    push,
    release: look,
    ended: (revision, ms) => look(`the release of ${revision} ends`, (each) => isOver(each, revision), ms),
    async deployed() {
      const versions = await deployedVersions(env.kube, release);
      return [...versions].map(([name, version]) => `${name}:${version}`);
    },
    async close() {
      traffic.stop();
      await repo.remove();
    },
  };
}

function isOver(release: ReleaseState, revision: string): boolean {
  return brings(release, revision) && release.endedAt !== undefined;
}
