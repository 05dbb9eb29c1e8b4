import { readKeyFile, type PayloadKey } from './key-file';

const rereadEveryMs = 5_000;

/** The keys of a file. */
export interface KeyRing {
  /** The key that encrypts. */
  newest(): PayloadKey;
  /** The key with this id; undefined where the file has none. */
  find(id: string): PayloadKey | undefined;
}

/**
 * Opens a key file. An id that is not known yet has the file read again, once in five seconds at most: a key that was added while the
 * process runs is found without a restart. Throws PortError when the file is unusable now; later that is said, and the known keys stay.
 */
export function openKeyRing(file: string, say: (line: string) => void): KeyRing {
  const said = new Set<string>();
  const tell = (line: string): void => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  const read = () => {
    const { keys, warnings } = readKeyFile(file);
    warnings.forEach(tell);
    return keys;
  };
  let keys = read();
  let readAt = performance.now();
  const known = (id: string): PayloadKey | undefined => keys.find((key) => key.id === id);
  return {
    newest: () => keys[0],
    find(id) {
      const found = known(id);
      if (found !== undefined || performance.now() - readAt < rereadEveryMs) return found;
      readAt = performance.now();
      try {
        keys = read();
      } catch (error: unknown) {
        tell((error as Error).message);
      }
      return known(id);
    },
  };
}
