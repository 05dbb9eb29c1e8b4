import { fieldOf } from '../../domain/read-json';
import { chartError, shownUrl } from './errors';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.cncf.helm.config.v1+json';
const chartType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** The layer of a manifest that is the chart. */
export interface ChartLayer {
  readonly digest: string;
  readonly size: number;
}

/** Finds the chart in a manifest; `what` names it for errors. */
export function readManifest(
  body: Buffer,
  { url, what }: { readonly url: URL; readonly what: string },
): ChartLayer {
  const manifest = parseJson(body, url);
  const config = fieldOf(fieldOf(manifest, 'config'), 'mediaType');
  const listed = fieldOf(manifest, 'layers');
  const layers: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const layer = layers.find((each) => fieldOf(each, 'mediaType') === chartType);
  if (config !== configType || layer === undefined) {
    const message = `${shownUrl(url)} is no Helm chart (no layer ${chartType}); push ${what} with helm push, or correct chart`;
    throw chartError('InvalidSpec', message, url);
  }
  const [digest, size] = [fieldOf(layer, 'digest'), fieldOf(layer, 'size')];
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest) || typeof size !== 'number') {
    const message = `the manifest ${shownUrl(url)} gives no SHA-256 digest and size of its chart; push ${what} again`;
    throw chartError('Invalid', message, url);
  }
  return { digest, size };
}

/** The tags of one page. */
export function readTags(body: Buffer, url: URL): readonly string[] {
  const tags = fieldOf(parseJson(body, url), 'tags');
  const listed: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return listed.filter((tag) => typeof tag === 'string');
}

/** The next page that a `Link` header names, at the same registry. */
export function nextPage(link: string | undefined, url: URL): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1];
  if (target === undefined || !URL.canParse(target, url.href)) return undefined;
  const next = new URL(target, url);
  return next.origin === url.origin ? next : undefined;
}

/** Tags may hold no `+`, so Helm writes `_` there. */
export function tagOf(version: string): string {
  return version.replaceAll('+', '_');
}

export function versionOf(tag: string): string {
  return tag.replaceAll('_', '+');
}

function parseJson(body: Buffer, url: URL): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw chartError('Invalid', `${shownUrl(url)} answers what is no JSON; check that it is a registry`, url);
  }
}
