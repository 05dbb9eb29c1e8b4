import type { FetchedChart } from '../../ports/charts';
import { isFullVersion, parseVersion } from '../../domain/version';
import { digestOf, type Archives } from './archives';
import { chooseVersion } from './choose';
import { chartError, shownUrl } from './errors';
import type { Http } from './http';
import type { ChartLimits } from './limits';
import {
  manifestType,
  nextPage,
  readManifest,
  readTags,
  tagOf,
  versionOf,
  type ChartLayer,
} from './oci-documents';
import { openSession, type OciGet, type OciRepository } from './oci-session';
import { Shared } from './shared';

interface World {
  readonly http: Http;
  readonly limits: ChartLimits;
  readonly archives: Archives;
}

/** Tags and manifests that are kept for a moment. */
const kept = 200_000;
const mostPages = 200;
const pageSize = 1_000;

/** Charts in OCI registries, by the distribution API. */
export class OciRegistries {
  readonly #tags: Shared<readonly string[]>;
  readonly #layers: Shared<ChartLayer>;

  constructor(readonly world: World) {
    const { freshMs } = world.limits;
    this.#tags = new Shared({ freshMs, maxSize: kept, sizeOf: (tags) => tags.length + 1 });
    this.#layers = new Shared({ freshMs, maxSize: kept, sizeOf: () => 1 });
  }

  /** A whole version is looked for by its tag; for a range all tags are listed. */
  async resolve(repository: OciRepository, wanted: string, signal?: AbortSignal): Promise<string> {
    const text = wanted.trim();
    if (isFullVersion(text)) {
      await this.#layer(repository, text, this.#open(repository), signal);
      return text;
    }
    const url = shownName(repository);
    const tags = await this.#tags.get(url, () => this.#list(repository), signal);
    return chooseVersion(tags, text, { chart: repository.name, url });
  }

  async fetch(repository: OciRepository, wanted: string, signal?: AbortSignal): Promise<FetchedChart> {
    const text = wanted.trim();
    const version = isFullVersion(text) ? text : await this.resolve(repository, text, signal);
    const get = this.#open(repository);
    const layer = await this.#layer(repository, version, get, signal);
    const known = await this.world.archives.find(layer.digest);
    if (known !== undefined) return { archive: known, digest: layer.digest, version };
    signal?.throwIfAborted();
    return { ...(await this.#download(repository, version, { get, layer })), version };
  }

  #open(repository: OciRepository): OciGet {
    return openSession(this.world.http, this.world.limits, repository);
  }

  #layer(
    repository: OciRepository,
    version: string,
    get: OciGet,
    signal: AbortSignal | undefined,
  ): Promise<ChartLayer> {
    const path = `/v2/${repository.name}/manifests/${encodeURIComponent(tagOf(version))}`;
    const url = new URL(path, repository.registry);
    const what = `chart ${repository.name} ${version}`;
    const ask = async () => {
      const { documentBytes: maxBytes } = this.world.limits;
      const answer = await get(path, { accept: manifestType, maxBytes, what: `the manifest of ${what}` });
      if (answer.status === 404) {
        if (/"NAME_UNKNOWN"/.test(answer.body.toString('utf8'))) throw unknownChart(repository);
        const message = `${shownName(repository)} has no version ${version}; push it, or correct targetRevision`;
        throw chartError('RevisionNotFound', message, url, { facts: { version } });
      }
      return readManifest(answer.body, { url, what });
    };
    return this.#layers.get(url.href, ask, signal);
  }

  async #list(repository: OciRepository): Promise<readonly string[]> {
    const get = this.#open(repository);
    const tags: string[] = [];
    const { limits } = this.world;
    let url: URL | undefined = new URL(`/v2/${repository.name}/tags/list?n=${pageSize}`, repository.registry);
    for (let page = 0; url !== undefined; page++) {
      const options = { accept: 'application/json', maxBytes: limits.documentBytes, what: 'a page of tags' };
      const answer = await get(url.pathname + url.search, options);
      if (answer.status === 404) throw unknownChart(repository);
      tags.push(...readTags(answer.body, url));
      url = nextPage(answer.headers['link'], url);
      if (tags.length > limits.tags || page >= mostPages) {
        const message = `${shownName(repository)} has more than ${limits.tags} tags or ${mostPages} pages of them`;
        throw chartError(
          'Limit',
          `${message}; name a whole version such as 1.2.3, or remove old tags`,
          repository.registry,
        );
      }
    }
    return tags.map(versionOf).filter((text) => parseVersion(text) !== undefined);
  }

  async #download(
    repository: OciRepository,
    version: string,
    { get, layer }: { get: OciGet; layer: ChartLayer },
  ) {
    const path = `/v2/${repository.name}/blobs/${layer.digest}`;
    const url = new URL(path, repository.registry);
    const what = `chart ${repository.name} ${version}`;
    const { archiveBytes: maxBytes } = this.world.limits;
    if (layer.size > maxBytes) {
      const message = `${what} in ${shownName(repository)} is larger than ${maxBytes} bytes; use a smaller one`;
      throw chartError('Limit', message, url, { facts: { maxBytes } });
    }
    const answer = await get(path, { maxBytes, what });
    if (answer.status === 404) {
      throw chartError(
        'Invalid',
        `the registry has a manifest but no content of ${what}; push it again`,
        url,
      );
    }
    if (digestOf(answer.body) !== layer.digest) {
      const message = `${shownUrl(url)} answers a content with another digest; check the registry`;
      throw chartError('Invalid', message, url);
    }
    return await this.world.archives.store(answer.body);
  }
}

function shownName({ registry, name }: OciRepository): string {
  return `oci://${registry.host}/${name}`;
}

function unknownChart(repository: OciRepository) {
  const message = `the registry ${repository.registry.host} has no chart ${repository.name}; correct chart or repoURL`;
  return chartError('PathNotFound', message, repository.registry, { facts: { chart: repository.name } });
}
