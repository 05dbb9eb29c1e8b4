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

/** Reads a tree object as it is stored, entry by entry: a directory may hold a hundred thousand. */
export function* rawEntries(content: Buffer, idBytes: number): Generator<RawEntry> {
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const zero = content.indexOf(0, space);
    yield {
      // Old programs wrote `040000`.
      mode: content.toString('latin1', at, space).replace(/^0+/, ''),
      name: content.toString('latin1', space + 1, zero),
      id: content.toString('hex', zero + 1, zero + 1 + idBytes),
    };
    at = zero + 1 + idBytes;
  }
}

/** One entry of a tree object. */
export interface RawEntry {
  /** Without leading zeros: a directory's is `40000`. */
  readonly mode: string;
  /** A character for each byte: names need not be UTF-8. */
  readonly name: string;
  readonly id: string;
}

/** The last part of a path as the name of an entry. */
export function entryName(path: string): string {
  return Buffer.from(path.slice(path.lastIndexOf('/') + 1)).toString('latin1');
}
