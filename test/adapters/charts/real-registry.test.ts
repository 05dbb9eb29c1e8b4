import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCharts } from '../../../src/adapters/charts';
import { stopProcesses } from '../../../tools/local/processes';
import { REGISTRY, startRegistry } from '../../../tools/node/registry';
import { chartArchive } from './chart-files';
import { chartDocuments, digest } from './registry-server';

function isInstalled(): boolean {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('docker-registry is not installed: charts are not tested against the real one');
    return false;
  }
}

(isInstalled() ? test : test.skip)('reads what was pushed to the real registry', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'belay-registry-'));
  try {
    const host = await startRegistry(dir);
    const versions = ['1.0.0', '1.1.0+build.7', '2.0.0-rc.1'];
    for (const version of versions) await push(`http://${host}`, version);
    const charts = createCharts({ cacheDir: join(dir, 'charts'), allow: [host] });
    const ref = { repoUrl: `oci://${host}/team`, chart: 'shop' };
    expect(await charts.resolve(ref, '1.x')).toBe('1.1.0+build.7');
    const fetched = await charts.fetch(ref, '1.1.0+build.7');
    expect(await readFile(fetched.archive)).toEqual(chartArchive('shop', '1.1.0+build.7'));
    await expect(charts.resolve(ref, '9.0.0')).rejects.toMatchObject({ code: 'RevisionNotFound' });
    await expect(charts.resolve({ ...ref, chart: 'none' }, '*')).rejects.toMatchObject({
      code: 'PathNotFound',
    });
  } finally {
    await stopProcesses(dir, [REGISTRY]);
    await rm(dir, { recursive: true, force: true });
  }
});

/** What `helm push` does. */
async function push(registry: string, version: string): Promise<void> {
  const archive = chartArchive('shop', version);
  const { config, manifest, manifestType } = chartDocuments(archive);
  for (const blob of [archive, config]) {
    const started = await send('POST', `${registry}/v2/team/shop/blobs/uploads/`);
    const at = new URL(started.headers.get('location') ?? '', registry);
    at.searchParams.set('digest', digest(blob));
    await send('PUT', at.href, blob, 'application/octet-stream');
  }
  const tag = version.replace('+', '_');
  await send('PUT', `${registry}/v2/team/shop/manifests/${tag}`, manifest, manifestType);
}

async function send(method: string, url: string, body?: Buffer, type?: string): Promise<Response> {
  const init = { method, ...(body && { body }), ...(type && { headers: { 'content-type': type } }) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}
