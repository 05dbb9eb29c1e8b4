import { readFileSync, statSync } from 'node:fs';
import { PortError } from '../../ports/port-error';

/** A key of AES-256. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** What a key file says, the key that encrypts first. */
export interface KeyFile {
  readonly keys: readonly [PayloadKey, ...PayloadKey[]];
  /** What is not as it should be, without keeping the file from being used. */
  readonly warnings: readonly string[];
}

const keyBytes = 32;
const remedy = 'make one with: (umask 077; belay codec new-key > FILE)';
const [forGroup, forOthers, writableByGroup] = [0o040, 0o007, 0o020];

/**
 * Reads a key file: lines of `<id> <32 bytes in Base64>`, newest first; empty lines and those with `#` at their start are skipped.
 * Throws PortError (InvalidSpec) that names the line, never what stands in it. A file that all users of the machine may read is refused.
 */
export function readKeyFile(file: string): KeyFile {
  const { text, mode } = open(file);
  if ((mode & (forOthers | writableByGroup)) !== 0)
    throw invalid(
      file,
      `may be read or changed by others (mode ${(mode & 0o777).toString(8)})`,
      `chmod 600 it; where a Secret is mounted, give its volume defaultMode: 0440`,
    );
  const [first, ...others] = parseKeys(text, file);
  if (first === undefined) throw invalid(file, 'holds no key', remedy);
  const isShared = (mode & forGroup) !== 0;
  return {
    keys: [first, ...others],
    warnings: isShared ? [`payload keys: ${file} may be read by its group, too`] : [],
  };
}

function open(file: string): { readonly text: string; readonly mode: number } {
  try {
    return { text: readFileSync(file, 'utf8'), mode: statSync(file).mode };
  } catch (cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw invalid(file, `cannot be read: ${code}`, remedy);
  }
}

/** Throws PortError as `readKeyFile` does. */
function parseKeys(text: string, file: string): readonly PayloadKey[] {
  const keys = new Map<string, PayloadKey>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { id = '', key = '' } = /^\s*(?<id>[\w.-]{1,64})\s+(?<key>\S+)\s*$/.exec(line)?.groups ?? {};
    const bytes = Buffer.from(key, 'base64');
    const at = `line ${index + 1}`;
    if (id === '' || bytes.length !== keyBytes || bytes.toString('base64') !== key)
      throw invalid(file, `${at} is no id with ${keyBytes} bytes in Base64 behind it`, remedy);
    if (keys.has(id))
      throw invalid(file, `${at} has the id ${id} of another key`, 'give it an id of its own');
    keys.set(id, { id, bytes });
  }
  return [...keys.values()];
}

function invalid(file: string, what: string, remedy: string): PortError {
  return new PortError(`the file of payload keys ${file} ${what}; ${remedy}`, {
    code: 'InvalidSpec',
    retry: 'never',
    facts: { file },
  });
}
