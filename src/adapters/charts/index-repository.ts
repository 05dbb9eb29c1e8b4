import type { FetchedChart } from '../../ports/charts';
import type { ChartAccess } from './access';
import { digestOf, isGzip, type Archives } from './archives';
import { chooseVersion } from './choose';
import { chartError, shownUrl, statusError } from './errors';
import type { Http } from './http';
import { readIndex, type IndexEntry } from './index-file';
import type { ChartLimits } from './limits';
import { Shared } from './shared';

/** A chart of a repository with an `index.yaml`. */
export interface IndexedChart {
  readonly url: URL;
  readonly chart: string;
  readonly access: ChartAccess;
}

interface Index {
  readonly text: string;
  readonly url: URL;
  readonly entityTag: string;
  readonly modified: string;
}

interface World {
  readonly http: Http;
  readonly limits: ChartLimits;
  readonly archives: Archives;
}

/** Characters of indexes that are kept in memory. */
const keptLength = 64 << 20;
/** Versions of charts without a digest whose archive is remembered for a moment. */
const keptDigests = 1_000;

/** Chart repositories of the kind that `helm repo index` makes. */
export class IndexRepositories {
  readonly #indexes: Shared<Index>;
  readonly #digests: Shared<string>;
  /** What was read of an index, as long as it is kept: many applications ask for the same chart. */
  readonly #entries = new WeakMap<Index, Map<string, readonly IndexEntry[]>>();

  constructor(readonly world: World) {
    const { freshMs } = world.limits;
    this.#indexes = new Shared({ freshMs, maxSize: keptLength, sizeOf: ({ text }) => text.length });
    this.#digests = new Shared({ freshMs, maxSize: keptDigests, sizeOf: () => 1 });
  }

  async resolve(chart: IndexedChart, version: string, signal?: AbortSignal): Promise<string> {
    return (await this.#choose(chart, version, signal)).entry.version;
  }

  async fetch(chart: IndexedChart, wanted: string, signal?: AbortSignal): Promise<FetchedChart> {
    const { entry, index } = await this.#choose(chart, wanted, signal);
    const { version } = entry;
    const [first] = entry.urls;
    const url = first === undefined ? undefined : archiveUrl(first, index);
    if (url === undefined) {
      const message = `${shownUrl(index.url)} gives no usable URL for chart ${chart.chart} ${version}; mend the repository`;
      throw chartError('Invalid', message, index.url);
    }
    const given = readDigest(entry, chart, index.url);
    const known = given ?? (await this.#download(chart, { url, version }, signal));
    const archive = await this.world.archives.find(known);
    if (archive !== undefined) return { archive, digest: known, version };
    return {
      ...(await this.#get(
        chart,
        { url, version, ...(given === undefined ? {} : { digest: given }) },
        signal,
      )),
      version,
    };
  }

  async #choose(chart: IndexedChart, version: string, signal: AbortSignal | undefined) {
    const index = await this.#index(chart, signal);
    const entries = this.#read(index, chart.chart);
    const versions = entries.map((entry) => entry.version);
    const chosen = chooseVersion(versions, version, { chart: chart.chart, url: chart.url });
    const entry = entries.find((each) => each.version === chosen);
    if (entry === undefined) throw new Error(`version ${chosen} was chosen but is not there`);
    return { index, entry };
  }

  #read(index: Index, chart: string): readonly IndexEntry[] {
    const known = this.#entries.get(index) ?? new Map<string, readonly IndexEntry[]>();
    this.#entries.set(index, known);
    const entries =
      known.get(chart) ?? readIndex(index.text, { chart, url: index.url, limits: this.world.limits });
    known.set(chart, entries);
    return entries;
  }

  #index({ url, access }: IndexedChart, signal: AbortSignal | undefined): Promise<Index> {
    const at = new URL(url);
    at.pathname = `${url.pathname.replace(/\/+$/, '')}/index.yaml`;
    const { http, limits } = this.world;
    const ask = async (stale: Index | undefined): Promise<Index> => {
      const headers = {
        accept: 'application/yaml, text/yaml, */*',
        ...(stale === undefined || stale.entityTag === '' ? {} : { 'if-none-match': stale.entityTag }),
        ...(stale === undefined || stale.modified === '' ? {} : { 'if-modified-since': stale.modified }),
      };
      const answer = await http({ url: at, access, headers, maxBytes: limits.indexBytes, what: 'the index' });
      if (answer.status === 304 && stale !== undefined) return stale;
      if (answer.status !== 200) throw statusError(answer.status, { ...answer, url: at });
      const { etag: entityTag = '', 'last-modified': modified = '' } = answer.headers;
      return { text: answer.body.toString('utf8'), url: at, entityTag, modified };
    };
    return this.#indexes.get(at.href, ask, signal);
  }

  /** The digest of an archive for which the index gives none; it is stored. */
  #download(chart: IndexedChart, archive: Wanted, signal: AbortSignal | undefined): Promise<string> {
    const ask = async () => (await this.#get(chart, archive, undefined)).digest;
    return this.#digests.get(archive.url.href, ask, signal);
  }

  async #get(
    { chart, url: home, access }: IndexedChart,
    { url, version, digest }: Wanted,
    signal: AbortSignal | undefined,
  ) {
    signal?.throwIfAborted();
    const { http, limits, archives } = this.world;
    const ours = url.origin === home.origin ? access : {};
    const what = `chart ${chart} ${version}`;
    const answer = await http({ url, access: ours, maxBytes: limits.archiveBytes, what });
    signal?.throwIfAborted();
    if (answer.status !== 200) throw statusError(answer.status, { ...answer, url });
    if (!isGzip(answer.body)) {
      const message = `what ${shownUrl(url)} answers for ${what} is no chart archive; check the repository`;
      throw chartError('Invalid', message, url);
    }
    if (digest !== undefined && digestOf(answer.body) !== digest) {
      const message = `${shownUrl(url)} is not the archive of ${what} that the index names: its digest differs`;
      throw chartError(
        'Invalid',
        `${message}; publish the chart under a new version, or mend the index`,
        url,
      );
    }
    return await archives.store(answer.body);
  }
}

interface Wanted {
  readonly url: URL;
  readonly version: string;
  readonly digest?: string;
}

/** Relative to the repository, as Helm takes it: with the query that the repository has. */
function archiveUrl(text: string, index: Index): URL | undefined {
  if (!URL.canParse(text, index.url.href)) return undefined;
  const url = new URL(text, index.url);
  if (url.origin === index.url.origin && url.search === '') url.search = index.url.search;
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

function readDigest({ digest, version }: IndexEntry, { chart }: IndexedChart, url: URL): string | undefined {
  if (digest === '') return undefined;
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(digest)?.[1];
  if (hex !== undefined) return `sha256:${hex.toLowerCase()}`;
  const message = `${shownUrl(url)} gives a digest of chart ${chart} ${version} that is no SHA-256; mend the repository`;
  throw chartError('Invalid', message, url);
}
