import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const block = 512;
const mostBytes = 256 << 20;

/**
 * Texts of some files of a `.tgz` chart archive, by their names in it (`web/values.yaml`). Only plain files are read: a link in an
 * archive is as if it were not there. Throws RangeError for an archive that unpacks to more than 256 MiB.
 */
export async function readArchive(
  archive: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Buffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(archive).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new RangeError('the archive unpacks to more than 256 MiB');
    chunks.push(chunk);
  }
  const tar = Buffer.concat(chunks);
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + block <= tar.length;) {
    const header = tar.subarray(at, at + block);
    const size = Number.parseInt(text(header, 124, 12), 8) || 0;
    const type = text(header, 156, 1);
    const content = tar.subarray(at + block, at + block + size);
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const short = prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
    if (type === 'L') longName = text(content, 0, content.length);
    else if (type === 'x') longName = paxPath(content) ?? longName;
    else {
      const name = (longName ?? short).replace(/^\.\//, '');
      longName = undefined;
      if ((type === '0' || type === '') && wanted.has(name)) files.set(name, Buffer.from(content));
    }
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

function text(bytes: Buffer, start: number, length: number): string {
  return bytes
    .toString('utf8', start, start + length)
    .replace(/\0.*$/s, '')
    .trim();
}

function paxPath(content: Buffer): string | undefined {
  return /^\d+ path=(.+)$/m.exec(content.toString('utf8'))?.[1];
}
