import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../../tools/node/tar';

/** The archive of a chart with nothing but its Chart.yaml. */
export function chartArchive(name: string, version: string): Buffer {
  const content = `apiVersion: v2\nname: ${name}\nversion: ${version}\n`;
  return gzipSync(tarOf(`${name}/Chart.yaml`, Buffer.from(content)));
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** An index as `helm repo index` writes it, of one chart. */
export function indexOf(
  name: string,
  versions: readonly string[],
  url = (version: string) => `${name}-${version}.tgz`,
): string {
  const entries = versions.map((version) =>
    [
      `  - annotations:`,
      `      category: Shop`,
      `    apiVersion: v2`,
      `    created: "2026-08-01T12:00:00.000000000Z"`,
      `    dependencies:`,
      `    - name: common`,
      `      version: 2.x.x`,
      `    description: |`,
      `      Sells things:`,
      `      - urls: none`,
      `    digest: ${sha256(chartArchive(name, version))}`,
      `    name: ${name}`,
      `    urls:`,
      `    - ${url(version)}`,
      `    version: ${version}`,
    ].join('\n'),
  );
  return [
    'apiVersion: v1',
    'entries:',
    '  aaa:',
    '  - name: aaa',
    '    urls: [aaa-9.9.9.tgz]',
    '    version: 9.9.9',
    `  ${name}:`,
    ...entries,
    '  zzz:',
    '  - name: zzz',
    '    version: 8.8.8',
    'generated: "2026-08-01T12:00:00.000000000Z"',
    '',
  ].join('\n');
}
