import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PayloadKey } from './key-file';

const Proto = temporal.api.common.v1.Payload;
const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];
const encoding = Buffer.from('binary/encrypted');

/**
 * The payload, whole with its metadata, as a payload of encoding `binary/encrypted`: a random 12-byte nonce, the ciphertext of its
 * Protobuf form, the 16-byte tag. The id of the key is authenticated, too.
 */
export function encrypt(payload: Payload, { id, bytes }: PayloadKey): Payload {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, bytes, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(id));
  const text = [cipher.update(Proto.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding, 'encryption-key-id': Buffer.from(id) },
    data: Buffer.concat([iv, ...text, cipher.getAuthTag()]),
  };
}

/** Id of the key that a payload is encrypted with; undefined when it is not encrypted. */
export function keyIdOf({ metadata }: Payload): string | undefined {
  const found = metadata?.['encoding'];
  if (found === undefined || found === null || !encoding.equals(found)) return undefined;
  return Buffer.from(metadata?.['encryption-key-id'] ?? []).toString('utf8');
}

/** The payload that was encrypted; undefined when this is not its key, or not a byte for byte what `encrypt` made. */
export function decrypt({ data }: Payload, { id, bytes }: PayloadKey): Payload | undefined {
  const all = Buffer.from(data ?? []);
  if (all.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, bytes, all.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(id))
    .setAuthTag(all.subarray(-tagBytes));
  try {
    const text = [decipher.update(all.subarray(ivBytes, -tagBytes)), decipher.final()];
    const { metadata, data: inner } = Proto.decode(Buffer.concat(text));
    return { metadata, data: inner };
  } catch {
    return undefined;
  }
}
