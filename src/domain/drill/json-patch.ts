import { peekText } from '../peek';
import { isMap, type JsonMap } from '../read-json';
import { containersPath, type Edit } from './fault';

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

type Path = Edit['path'];

/**
 * Edits of one container as a JSON Patch. The object is as a base of a kustomization has it, and overlays may have put containers before
 * the one that is meant: the patch tests its name first, so that the build fails rather than break another container.
 */
export function jsonPatchOf(object: JsonMap, edits: readonly Edit[]): readonly PatchOperation[] {
  const container = edits[0]?.path.slice(0, containersPath.length + 1) ?? [];
  const name = peekText(at(object, container), 'name');
  const test: PatchOperation = { op: 'test', path: pointer([...container, 'name']), value: name };
  return [...(name === undefined ? [] : [test]), ...edits.map((edit) => operation(object, edit))];
}

function operation(object: JsonMap, { path, value }: Edit): PatchOperation {
  const isThere = at(object, path) !== undefined;
  if (typeof path.at(-1) === 'number' && !isThere)
    return { op: 'add', path: pointer([...path.slice(0, -1), '-']), value };
  return { op: isThere ? 'replace' : 'add', path: pointer(path), value };
}

/** What is at a path that goes through lists too. */
function at(value: unknown, path: Path): unknown {
  return path.reduce((found, key) => {
    if (Array.isArray(found)) return found[Number(key)] as unknown;
    return isMap(found) ? found[key] : undefined;
  }, value);
}

function pointer(path: Path): string {
  return path.map((each) => `/${String(each).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
