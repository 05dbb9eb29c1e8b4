/**
 * Globs as Argo CD reads them in projects, differences to ignore and customizations (gobwas/glob): `*` is any text without the
 * separator, `**` any text, `?` one character, `[abc]`, `[a-c]` and `[!abc]` are classes, `{a,b}` alternatives, and a backslash takes
 * the next character as it is. Without a separator `*` is any text at all. A pattern that is none (an open bracket) matches nothing.
 */
export function matchesGlob(pattern: string, text: string, separator?: string): boolean {
  const key = `${separator ?? ''} ${pattern}`;
  let compiled = known.get(key);
  if (compiled === undefined) {
    compiled = compile(pattern, separator) ?? nothing;
    if (known.size >= most) known.clear();
    known.set(key, compiled);
  }
  return compiled.test(text);
}

/** A pattern of a list that may deny: `!x` matches what `x` does not, and `*` everything whatever the separator. */
export function matchesOrDenies(pattern: string, text: string, separator?: string): boolean {
  if (isDenial(pattern)) return !matchesGlob(pattern.slice(1), text, separator);
  return pattern === '*' || matchesGlob(pattern, text, separator);
}

/** `!x`. */
export function isDenial(pattern: string): boolean {
  return pattern.startsWith('!');
}

const known = new Map<string, RegExp>();
const most = 1_000;
const nothing = /(?!)/;

function compile(pattern: string, separator: string | undefined): RegExp | undefined {
  const one = separator === undefined ? '[^]' : `[^${literal(separator)}]`;
  let depth = 0;
  let regex = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    if (character === '\\') {
      at += 1;
      if (at >= pattern.length) return undefined;
      regex += literal(pattern[at] ?? '');
    } else if (character === '*') {
      let stars = 1;
      for (; pattern[at + 1] === '*'; at++) stars += 1;
      regex += stars > 1 ? '[^]*' : `${one}*`;
    } else if (character === '?') regex += one;
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) return undefined;
      regex += classOf(pattern.slice(at + 1, end));
      at = end;
    } else if (character === '{') {
      depth += 1;
      regex += '(?:';
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      regex += ')';
    } else regex += character === ',' && depth > 0 ? '|' : literal(character);
  }
  try {
    return depth === 0 ? new RegExp(`^${regex}$`, 'u') : undefined;
  } catch {
    return undefined; // a range that runs backwards
  }
}

function classOf(text: string): string {
  const isNegated = text.startsWith('!');
  const inside = (isNegated ? text.slice(1) : text).replace(/[\\\]^[]/g, '\\$&');
  return `[${isNegated ? '^' : ''}${inside}]`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
