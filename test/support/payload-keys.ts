import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file of payload keys for one test file. */
export interface KeyFileSandbox {
  readonly file: string;
  /** Writes these lines with this mode, 0600 unless told. */
  write(lines: readonly string[], mode?: number): void;
  remove(): void;
}

/** Makes the directory; the file comes with `write`. */
export function createKeyFile(): KeyFileSandbox {
  const dir = mkdtempSync(join(tmpdir(), 'belay-keys-'));
  const file = join(dir, 'payload-keys');
  return {
    file,
    write: (lines, mode = 0o600) => {
      writeFileSync(file, `${lines.join('\n')}\n`);
      chmodSync(file, mode);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A line whose key is 32 times this byte. */
export function keyLine(id: string, byte: number): string {
  return `${id} ${Buffer.alloc(32, byte).toString('base64')}`;
}
