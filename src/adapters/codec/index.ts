export { encryptingCodec } from './codec';
export { openDataConverter, payloadKeysFile } from './data-converter';
export { openKeyRing } from './key-ring';
export { newKeyLine } from './new-key';
export { unreadableIn, type UnreadablePayload } from './unreadable';
