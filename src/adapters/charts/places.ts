import type { ChartRef } from '../../ports/charts';
import { isLoopback } from './addresses';
import { chartError, shownUrl } from './errors';

/** A chart repository with an index, or a repository of an OCI registry; names what a `ChartRef` means. */
export type Place =
  | { readonly kind: 'index'; readonly url: URL; readonly chart: string }
  | { readonly kind: 'oci'; readonly host: string; readonly name: string };

const ociName = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Reads where a chart is. Argo CD writes OCI registries without a scheme (`ghcr.io/acme`, with `enableOCI` in its repository's
 * Secret), Helm as `oci://ghcr.io/acme`: whatever has no `http://` or `https://` is a registry. The chart may be the last part of an
 * `oci://` URL, and `chart` empty.
 */
export function readPlace({ repoUrl, chart }: ChartRef): Place {
  const text = repoUrl.trim();
  if (/^https?:\/\//i.test(text)) {
    const url = parse(text);
    if (chart === '') throw invalid(repoUrl, 'names no chart', 'write its name as source.chart');
    return { kind: 'index', url, chart };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && !/^oci$/i.test(scheme))
    throw invalid(repoUrl, 'is no chart repository', 'write https://… or oci://…');
  const url = parse(text.replace(/^oci:\/\//i, 'https://').replace(/^(?!https:)/, 'https://'));
  const name = [url.pathname, chart]
    .join('/')
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  if (!ociName.test(name))
    throw invalid(
      repoUrl,
      `names no OCI repository (${JSON.stringify(name)})`,
      'write oci://host/path in lower case, and the chart',
    );
  return { kind: 'oci', host: url.host, name };
}

/** The base of a registry's API. */
export function registryUrl(host: string, plainHttp: boolean | undefined): URL {
  const { hostname } = new URL(`https://${host}`);
  // Docker Hub is known by a name that does not answer itself.
  const real = /^(?:index\.)?docker\.io$/.test(host) ? 'registry-1.docker.io' : host;
  return new URL(`${(plainHttp ?? isLoopback(hostname)) ? 'http' : 'https'}://${real}`);
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.host === '') throw invalid(text, 'is no URL', 'write https://… or oci://…');
  if (url.username !== '' || url.password !== '') {
    const remedy = 'take them out of Git, change them, and give the worker the credentials instead';
    throw invalid(text, 'has credentials in it', remedy);
  }
  return url;
}

function invalid(repoUrl: string, what: string, remedy: string) {
  return chartError('InvalidSpec', `repository URL ${shownUrl(repoUrl)} ${what}; ${remedy}`, repoUrl);
}
