/** One entry of `git ls-tree -r -z`. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

/** Reads the output of `git ls-tree -r -z`. */
export function parseTree(output: string): TreeEntry[] {
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', id = ''] = line.slice(0, tab).split(' ');
      return { mode, type, id, path: line.slice(tab + 1) };
    });
}

/** One object of `git cat-file --batch`. */
export interface BatchObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Reads the output of `git cat-file --batch`, in the order asked; undefined stands for an object that is missing, and for a submodule,
 * which newer versions of git tell apart.
 */
export function parseBatch(output: Buffer): (BatchObject | undefined)[] {
  const objects: (BatchObject | undefined)[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const line = output.toString('utf8', at, end < 0 ? output.length : end);
    const header = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line);
    const start = end + 1;
    const stop = start + Number(header?.[3] ?? -1);
    if (end < 0 || (header === null ? !/ (?:missing|submodule)$/.test(line) : stop >= output.length)) {
      throw new Error(`unexpected output of git cat-file: ${line.slice(0, 100)}`);
    }
    objects.push(
      header === null
        ? undefined
        : { id: header[1] ?? '', type: header[2] ?? '', content: output.subarray(start, stop) },
    );
    at = stop + 1;
  }
  return objects;
}

/** Reads a tree object as it is stored; names stay bytes, they need not be UTF-8. */
export function parseRawTree(content: Buffer, idBytes: number): RawEntry[] {
  const entries: RawEntry[] = [];
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const zero = content.indexOf(0, space);
    entries.push({
      mode: content.toString('latin1', at, space),
      name: content.subarray(space + 1, zero),
      id: content.toString('hex', zero + 1, zero + 1 + idBytes),
    });
    at = zero + 1 + idBytes;
  }
  return entries;
}

/** One entry of a tree object. */
export interface RawEntry {
  readonly mode: string;
  readonly name: Buffer;
  readonly id: string;
}
