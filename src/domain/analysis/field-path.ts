/** What a path of an object leads to, as text; or why it leads nowhere. */
export type PathValue =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/**
 * Reads a path of a Rollout as Argo does: `metadata.name`, `metadata.labels['app.kubernetes.io/name']`,
 * `spec.template.spec.containers[0].image`. It has to end in a text, a number or true or false; only `metadata.labels` and
 * `metadata.annotations` may be whole maps, written as the downward API writes them.
 */
export function readFieldPath(object: unknown, path: string): PathValue {
  if (!/^(metadata|spec|status)(?=[.[])/.test(path)) {
    return { ok: false, message: `"${path}" does not begin with metadata., spec. or status.` };
  }
  const keys = keysOf(path);
  if (keys === undefined) return { ok: false, message: `"${path}" is no field path` };
  let value: unknown = object;
  for (const key of keys) value = childOf(value, key);
  if (value === undefined || value === null || value === '') {
    return value === '' ? { ok: true, text: '' } : { ok: false, message: `the Rollout has no ${path}` };
  }
  if (path === 'metadata.labels' || path === 'metadata.annotations')
    return { ok: true, text: linesOf(value) };
  if (typeof value === 'object') return { ok: false, message: `${path} of the Rollout is no single value` };
  return { ok: true, text: typeof value === 'string' ? value : JSON.stringify(value) };
}

/** `a.b[0]['c.d']` as its keys; undefined when it is not written like that. */
function keysOf(path: string): readonly string[] | undefined {
  const part = /\.?([^.[\]'"]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;
  const keys: string[] = [];
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (match === null) return undefined;
    keys.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return keys;
}

function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? (value as unknown[])[Number(key)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function linesOf(map: unknown): string {
  const lines = Object.entries(map as object).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return lines.sort().join('\n');
}
