import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve, type WebServer } from './web-server';

const configType = 'application/vnd.cncf.helm.config.v1+json';
const chartType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** A registry that speaks the part of the OCI distribution API that reading needs. */
export interface Registry extends WebServer {
  /** Tags of each repository, with the manifest's digest; blobs and manifests by digest. */
  readonly tags: Map<string, Map<string, string>>;
  readonly blobs: Map<string, Buffer>;
  /** Called first; what it answers is not answered by the registry. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface RegistryOptions {
  readonly pageSize?: number;
}

export async function serveRegistry({ pageSize = 2 }: RegistryOptions = {}): Promise<Registry> {
  const tags: Registry['tags'] = new Map();
  const blobs: Registry['blobs'] = new Map();
  const server = await serve((request, response) => {
    if (registry.intercept(request, response)) return;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const [, name = '', kind, last = ''] =
      /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    const known = tags.get(name);
    if (known === undefined) return refuse(response, 'NAME_UNKNOWN');
    if (kind === 'tags') {
      const all = [...known.keys()].sort();
      const rest = all.filter((tag) => tag > (searchParams.get('last') ?? ''));
      const page = rest.slice(0, pageSize);
      const next = `/v2/${name}/tags/list?last=${page.at(-1)}&n=${pageSize}`;
      if (page.length < rest.length) response.setHeader('link', `<${next}>; rel="next"`);
      return void response.end(JSON.stringify({ name, tags: page }));
    }
    const digest = kind === 'manifests' ? (known.get(decodeURIComponent(last)) ?? '') : last;
    const blob = blobs.get(digest);
    if (blob === undefined) return refuse(response, kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN');
    if (kind === 'manifests') response.setHeader('content-type', manifestType);
    response.end(blob);
  });
  const registry: Registry = Object.assign(server, { tags, blobs, intercept: () => false });
  return registry;
}

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(404).end(JSON.stringify({ errors: [{ code, message: 'no' }] }));
}

/** The documents that `helm push` makes of an archive. */
export function chartDocuments(archive: Buffer, mediaType = chartType) {
  const config = Buffer.from('{"name":"shop"}');
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: digest(config), size: config.length },
      layers: [{ mediaType, digest: digest(archive), size: archive.length }],
    }),
  );
  return { config, manifest, manifestType };
}

export function digest(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Pushes a chart as `helm push` does. */
export function push(
  registry: Registry,
  name: string,
  tag: string,
  archive: Buffer,
  mediaType?: string,
): void {
  const { config, manifest } = chartDocuments(archive, mediaType);
  for (const blob of [archive, config, manifest]) registry.blobs.set(digest(blob), blob);
  const tags = registry.tags.get(name) ?? new Map<string, string>();
  registry.tags.set(name, tags.set(tag, digest(manifest)));
}
