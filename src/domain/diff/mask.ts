import { byteLength } from '../expr/utf8';
import type { KubeObject } from '../kube-object';
import { isMap, mapOf, sameJson, type JsonMap } from '../read-json';
import { secretText } from '../secret-fields';

/** kubectl keeps the whole object in it, a Secret's values too. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Both sides with marks in place of what nobody may read: the values of a Secret, and every text of it that holds one of them (other
 * tools copy objects into annotations), and kubectl's copy of any object. A mark is the number of bytes, `<6 bytes>`, and `<6 bytes,
 * changed>` in Git's object where the two differ; nothing else of the value is in it.
 */
export function maskSecrets(
  live: KubeObject,
  git: KubeObject,
): { readonly live: KubeObject; readonly git: KubeObject } {
  const isSecret = live.kind === 'Secret' && live.apiVersion === 'v1';
  const values = isSecret ? [...secretValues(live), ...secretValues(git)] : [];
  const mask = (path: readonly string[], value: unknown): string | undefined => {
    const [first, second, third] = path;
    const isValue = isSecret && (first === 'data' || first === 'stringData') && second !== undefined;
    const isCopy = first === 'metadata' && second === 'annotations' && third === lastApplied;
    const holdsValue = typeof value === 'string' && values.some((each) => value.includes(each));
    return isValue || isCopy || holdsValue ? markOf(value, isValue && first === 'data') : undefined;
  };
  return walk(live, git, [], mask) as { live: KubeObject; git: KubeObject };
}

type Mask = (path: readonly string[], value: unknown) => string | undefined;

function walk(
  live: unknown,
  git: unknown,
  path: readonly string[],
  mask: Mask,
): { live: unknown; git: unknown } {
  const marked = { live: mask(path, live), git: mask(path, git) };
  if (marked.live !== undefined || marked.git !== undefined) {
    const isSame = sameJson(live, git);
    return {
      live: live === undefined ? undefined : (marked.live ?? '<hidden>'),
      git: git === undefined ? undefined : changed(marked.git ?? '<hidden>', isSame || live === undefined),
    };
  }
  const lists = Array.isArray(live) || Array.isArray(git);
  if (!lists && !isMap(live) && !isMap(git)) return { live, git };
  const keys = [
    ...new Set([...Object.keys(Object(live) as JsonMap), ...Object.keys(Object(git) as JsonMap)]),
  ];
  const both = keys.map((key) => {
    const inner = (value: unknown) =>
      typeof value === 'object' ? (value as JsonMap | null)?.[key] : undefined;
    return [key, walk(inner(live), inner(git), [...path, key], mask)] as const;
  });
  const rebuild = (value: unknown, side: 'live' | 'git') => {
    if (typeof value !== 'object' || value === null) return value;
    const entries = both
      .filter(([key]) => Object.hasOwn(value, key))
      .map(([key, each]) => [key, each[side]] as const);
    return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  };
  return { live: rebuild(live, 'live'), git: rebuild(git, 'git') };
}

function changed(mark: string, isSame: boolean): string {
  return isSame ? mark : mark.replace(/>$/, ', changed>');
}

function markOf(value: unknown, isBase64: boolean): string {
  if (typeof value !== 'string') return '<hidden>';
  const bytes = isBase64 ? Math.floor((value.replace(/[=\s]+/g, '').length * 3) / 4) : byteLength(value);
  return `<${bytes} ${bytes === 1 ? 'byte' : 'bytes'}>`;
}

/** The values as they are written, and as what they mean. */
function secretValues(secret: KubeObject): readonly string[] {
  const written = [secret['data'], secret['stringData']].flatMap((each) => Object.values(mapOf(each)));
  const texts = written.filter((value): value is string => typeof value === 'string');
  return [...texts, ...texts.map(decode)].filter((text) => text.trim().length > 0);
}

/** Base64 to UTF-8 text, also without its padding; empty for what is no text. */
function decode(base64: string): string {
  const bare = base64.replace(/[=\s]+/g, '');
  return secretText(bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')) ?? '';
}
