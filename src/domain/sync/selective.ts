import { groupOf, type ObjectRef } from '../kube-object';
import type { Problem, Read } from '../problem';

/** Some objects of an application, as `argocd app sync --resource` names them. Each part may hold `*`. */
export interface ResourceSelector {
  /** `!` in front: these are left out. */
  readonly exclude: boolean;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Absent: any namespace, and none. */
  readonly namespace?: string;
  readonly name: string;
}

const leaveOut = '!';

/** Reads `group:Kind:name`, `group:Kind:namespace/name`, or either with `!` before it; the core group is empty (`:Service:web`). */
export function readResourceSelector(text: string): Read<ResourceSelector> {
  const exclude = text.startsWith(leaveOut);
  const parts = (exclude ? text.slice(leaveOut.length) : text).split(':');
  const [group = '', kind = '', place = ''] = parts;
  const places = place.split('/');
  const name = places.at(-1) ?? '';
  const namespace = places.length === 2 ? places[0] : undefined;
  if (parts.length !== 3 || places.length > 2 || kind === '' || name === '' || namespace === '')
    return { ok: false, problems: [unreadable(text)] };
  return { ok: true, value: { exclude, group, kind, name, ...(namespace !== undefined && { namespace }) } };
}

/** Whether the parts of a selector are those of an object, whether it is to be taken or left out. */
export function matches(selector: ResourceSelector, ref: ObjectRef): boolean {
  const { group, kind, namespace, name } = selector;
  return (
    matchesPattern(group, groupOf(ref.apiVersion)) &&
    matchesPattern(kind, ref.kind) &&
    matchesPattern(name, ref.name) &&
    (namespace === undefined || matchesPattern(namespace, ref.namespace ?? ''))
  );
}

/**
 * Whether an object is among those that selectors name, written as `readResourceSelector` takes them: any of those that take (all, if
 * there are only those that leave out) and none of those that leave out (Argo CD, `IncludeResource`). One that cannot be read takes nothing.
 */
export function matchesAny(selectors: readonly string[], ref: ObjectRef): boolean {
  const taking = selectors.filter((text) => !text.startsWith(leaveOut));
  if (taking.length > 0 && !taking.some((text) => matchesText(text, ref))) return false;
  return !selectors.some((text) => text.startsWith(leaveOut) && matchesText(text, ref));
}

function matchesText(text: string, ref: ObjectRef): boolean {
  const read = readResourceSelector(text);
  return read.ok && matches(read.value, ref);
}

/** `*` stands for any number of characters; piece by piece from the left, so that no pattern takes long. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}

function unreadable(text: string): Problem {
  return {
    code: 'InvalidSpec',
    message: `"${text}" names no resources`,
    field: 'resource',
    value: text,
    remedy:
      'write group:Kind:name or group:Kind:namespace/name, such as apps:Deployment:shop/web or :Service:web',
  };
}
