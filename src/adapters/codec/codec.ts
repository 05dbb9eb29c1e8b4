import type { Payload, PayloadCodec } from '@temporalio/common';
import { decrypt, encrypt, keyIdOf } from './cipher';
import type { KeyRing } from './key-ring';
import { UnreadablePayload } from './unreadable';

const giveKeys = 'name the key file with --payload-keys FILE or BELAY_PAYLOAD_KEYS_FILE';

/**
 * Encrypts payloads with the newest key, and reads those of all its keys. What is not encrypted is read as it is, so that histories
 * from before stay readable. Decoding throws UnreadablePayload.
 */
export function encryptingCodec(keys: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encrypt(payload, keys.newest()))),
    decode: (payloads) =>
      new Promise((resolve) => resolve(payloads.map((payload) => decoded(payload, keys)))),
  };
}

/** Leaves payloads as they are. One that is encrypted is told to `onEncrypted`, and decoding it throws UnreadablePayload. */
export function plainCodec(onEncrypted?: (error: UnreadablePayload) => void): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads),
    decode: (payloads) => {
      const id = payloads.map(keyIdOf).find((each) => each !== undefined);
      if (id === undefined) return Promise.resolve(payloads);
      const what = `what Temporal holds is encrypted with the key ${shownId(id)}, and no keys were given`;
      const error = new UnreadablePayload(what, giveKeys);
      onEncrypted?.(error);
      return Promise.reject(error);
    },
  };
}

function decoded(payload: Payload, keys: KeyRing): Payload {
  const id = keyIdOf(payload);
  if (id === undefined) return payload;
  const key = keys.find(id);
  if (key === undefined)
    throw new UnreadablePayload(
      `what Temporal holds is encrypted with the key ${shownId(id)}, which the key file does not have`,
      'add that key to the file; it may stand below the one that encrypts',
    );
  const found = decrypt(payload, key);
  if (found !== undefined) return found;
  throw new UnreadablePayload(
    `a payload cannot be decrypted with the key ${shownId(id)}: it was changed, or the key has another key's id`,
    'compare the key file with those of the other workers',
  );
}

/** An id comes from outside. */
function shownId(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : '(no valid id)';
}
