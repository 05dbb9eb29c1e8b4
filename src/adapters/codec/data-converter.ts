import type { DataConverter } from '@temporalio/common';
import { encryptingCodec, plainCodec } from './codec';
import { openKeyRing } from './key-ring';
import type { UnreadablePayload } from './unreadable';

/** What `openDataConverter` may be told. */
interface Options {
  readonly say: (line: string) => void;
  /** Told of encrypted payloads where there are no keys at all. */
  readonly onEncrypted?: (error: UnreadablePayload) => void;
}

/** Path of the module with the converter of failures, for workers with keys and for their bundle of workflows. */
export const failureConverterPath = require.resolve('./failure-converter');

/** The file of payload keys that an option or else `BELAY_PAYLOAD_KEYS_FILE` names; undefined: payloads are not encrypted. */
export function payloadKeysFile(option: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const named = option ?? env['BELAY_PAYLOAD_KEYS_FILE'];
  return named === '' ? undefined : named;
}

/**
 * The one data converter of workers, receivers and clients: encrypting with the keys of `file`, else plain. Throws PortError
 * (InvalidSpec) when the file is unusable.
 */
export function openDataConverter(file: string | undefined, { say, onEncrypted }: Options): DataConverter {
  if (file === undefined) return { payloadCodecs: [plainCodec(onEncrypted)] };
  return { payloadCodecs: [encryptingCodec(openKeyRing(file, say))], failureConverterPath };
}
