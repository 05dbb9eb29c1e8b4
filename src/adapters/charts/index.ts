import { resolve } from 'node:path';
import type { Charts, ChartRef } from '../../ports/charts';
import type { ChartCredentials } from './access';
import { readAllowed } from './allow';
import { Archives } from './archives';
import { createHttp } from './http';
import { IndexRepositories } from './index-repository';
import { defaultLimits, type ChartLimits } from './limits';
import { OciRegistries } from './oci-registries';
import { readPlace, registryUrl } from './places';

export type { ChartAccess, ChartCredentials } from './access';
export { chartCredentialsFrom, type ChartCredentialSource } from './credentials';
export type { ChartLimits } from './limits';
export { chartCredentialsFromSecrets } from './secret-credentials';

export interface ChartOptions {
  /** Directory of the archives; several processes may share it, and it may be deleted. */
  readonly cacheDir: string;
  /**
   * Repositories that applications may name: URL prefixes (`https://charts.example.com/team`, `oci://ghcr.io/acme`) or hosts. Hosts
   * that a repository sends us on to, for archives or tokens, have to be listed too. Absent: all, but no local address.
   */
  readonly allow?: readonly string[];
  readonly credentials?: ChartCredentials;
  readonly limits?: Partial<ChartLimits>;
}

/** Chart repositories over HTTP and OCI. */
export function createCharts({ cacheDir, allow, credentials, limits: given = {} }: ChartOptions): Charts {
  const limits = { ...defaultLimits, ...given };
  const allowed = readAllowed(allow);
  const world = { http: createHttp(limits, allowed), limits, archives: new Archives(resolve(cacheDir)) };
  const indexes = new IndexRepositories(world);
  const registries = new OciRegistries(world);
  const on = async <T>(ref: ChartRef, ask: Askers<T>): Promise<T> => {
    const place = readPlace(ref);
    allowed.repository(place.kind === 'index' ? place.url : new URL(`https://${place.host}/${place.name}`));
    const access = (await credentials?.(ref.repoUrl)) ?? {};
    if (place.kind === 'index') return await ask.index({ ...place, access });
    return await ask.oci({ registry: registryUrl(place.host, access.plainHttp), name: place.name, access });
  };
  return {
    resolve: (ref, version, signal) =>
      on(ref, {
        index: (chart) => indexes.resolve(chart, version, signal),
        oci: (repository) => registries.resolve(repository, version, signal),
      }),
    fetch: (ref, version, signal) =>
      on(ref, {
        index: (chart) => indexes.fetch(chart, version, signal),
        oci: (repository) => registries.fetch(repository, version, signal),
      }),
  };
}

interface Askers<T> {
  readonly index: (chart: Parameters<IndexRepositories['resolve']>[0]) => Promise<T>;
  readonly oci: (repository: Parameters<OciRegistries['resolve']>[0]) => Promise<T>;
}
