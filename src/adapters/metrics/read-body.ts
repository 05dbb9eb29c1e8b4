import type { Readable } from 'node:stream';
import { wrong } from './failure';

const MIB = 1024 ** 2;

/** The whole answer as text; one above 1 MiB is refused as soon as that is known, and the rest is not read. */
export async function readBody(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MIB) throw wrong('the answer is larger than 1 MiB');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The answer as JSON. What is none is not repeated: it may be a page about anything. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(text.trim() === '' ? 'the answer is empty' : 'the answer is no JSON');
  }
}
