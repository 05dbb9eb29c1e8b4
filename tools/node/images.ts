import { createHash } from 'node:crypto';
import { tarOf } from './tar';

/** An image with one program and nothing else. */
export interface Image {
  /** Its name in the registry, without a tag. */
  readonly name: string;
  readonly tag: string;
  readonly program: Buffer;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

/** Builds the image from nothing and pushes it to the registry at the URL. */
export async function pushImage(registry: string, image: Image): Promise<void> {
  const base = `${registry}/v2/${image.name}`;
  const layer = tarOf('app', image.program);
  const config = Buffer.from(JSON.stringify(configOf(image, digestOf(layer))));
  await Promise.all([pushBlob(base, layer), pushBlob(base, config)]);
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: describe(types.config, config),
    layers: [describe(types.layer, layer)],
  };
  await send('PUT', `${base}/manifests/${image.tag}`, JSON.stringify(manifest), types.manifest);
}

function configOf({ args = [], env = {} }: Image, layerDigest: string): object {
  const architecture = { x64: 'amd64' }[process.arch as string] ?? process.arch;
  return {
    architecture,
    os: 'linux',
    config: {
      Entrypoint: ['/app', ...args],
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    },
    rootfs: { type: 'layers', diff_ids: [layerDigest] },
  };
}

async function pushBlob(base: string, content: Buffer): Promise<void> {
  const digest = digestOf(content);
  const known = await fetch(`${base}/blobs/${digest}`, { method: 'HEAD' });
  if (known.ok) return;
  const upload = await send('POST', `${base}/blobs/uploads/`);
  const target = new URL(upload.headers.get('location') ?? '', base);
  target.searchParams.set('digest', digest);
  await send('PUT', target.href, content, 'application/octet-stream');
}

async function send(
  method: string,
  url: string,
  body: Buffer | string = '',
  type?: string,
): Promise<Response> {
  const headers = type === undefined ? {} : { 'content-type': type };
  const payload = typeof body === 'string' ? body : new Uint8Array(body);
  const answer = await fetch(url, { method, body: payload, headers });
  if (answer.ok) return answer;
  throw new Error(`${method} ${url} answers ${answer.status}: ${await answer.text()}`);
}

function describe(mediaType: string, content: Buffer): object {
  return { mediaType, digest: digestOf(content), size: content.length };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
