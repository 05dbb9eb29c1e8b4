/** A chart of a chart repository. */
export interface ChartRef {
  /** `https://…` with an `index.yaml`, or `oci://registry/path`. */
  readonly repoUrl: string;
  readonly chart: string;
}

/** A chart archive on this machine, checked against the digest that the repository gives for it. */
export interface FetchedChart {
  /** Path of a `.tgz` in the cache; it may be removed once nobody has asked for it for long. */
  readonly archive: string;
  /** `sha256:<64 hexadecimal digits>` of the archive. */
  readonly digest: string;
  readonly version: string;
}

/**
 * Chart repositories and OCI registries, and nothing that is not on the allow-list of the worker. Credentials are resolved by URL
 * where they are used. Throws PortError: `RevisionNotFound` when no version matches, `PathNotFound` for an unknown chart,
 * `Unauthenticated`, `Forbidden` (also: not on the allow-list), `Unreachable`, `Throttled`, `Limit` for an archive or index that is
 * too large, `InvalidSpec` for a URL or version that can never be one, `Invalid` for an index, manifest or archive that is broken.
 */
export interface Charts {
  /** The highest version that matches a version or semver range (pre-releases only where the range names one), as Helm picks it. */
  resolve(chart: ChartRef, version: string, signal?: AbortSignal): Promise<string>;
  fetch(chart: ChartRef, version: string, signal?: AbortSignal): Promise<FetchedChart>;
}
