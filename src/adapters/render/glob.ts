/** One place of a pattern: one character of some, or any number of any. */
type Token = { readonly kind: 'star' } | { readonly kind: 'one'; readonly test: (char: string) => boolean };

/** Alternatives written out; more of them are taken for a mistake. */
const mostPatterns = 1000;

/**
 * Compiles a glob as Argo CD reads those of a directory source: `*` and `**` match any characters, also `/`; `?` one; `[a-c]`,
 * `[!a-c]`; `{a,b}` alternatives, which may hold globs; a backslash takes the next character as it is. Undefined for a pattern that
 * is none. Matching takes time proportional to the lengths of pattern and text.
 */
export function compileGlob(pattern: string): ((text: string) => boolean) | undefined {
  const patterns = alternatives(pattern);
  const compiled = patterns?.map(tokensOf);
  if (compiled === undefined || compiled.includes(undefined)) return undefined;
  return (text) => compiled.some((tokens) => tokens !== undefined && matches(tokens, [...text]));
}

/** The pattern without braces, once for each choice. */
function alternatives(pattern: string): string[] | undefined {
  const open = findOpen(pattern);
  if (open === undefined) return [pattern];
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === ',' && depth === 1) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    } else if (char === '}' && --depth === 0) {
      parts.push(pattern.slice(start, at));
      const rest = pattern.slice(at + 1);
      const all: string[] = [];
      for (const part of parts) {
        const written = alternatives(pattern.slice(0, open) + part + rest);
        if (written === undefined || all.push(...written) > mostPatterns) return undefined;
      }
      return all;
    }
  }
  return undefined;
}

function findOpen(pattern: string): number | undefined {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '{') return at;
  }
  return undefined;
}

function tokensOf(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') {
      tokens.push({ kind: 'one', test: () => true });
    } else if (char === '[') {
      const end = chars.indexOf(']', at + 2);
      if (end < 0) return undefined;
      tokens.push({ kind: 'one', test: classOf(chars.slice(at + 1, end)) });
      at = end;
    } else {
      const literal = char === '\\' ? chars[++at] : char;
      tokens.push({ kind: 'one', test: (each) => each === literal });
    }
  }
  return tokens;
}

function classOf(inside: readonly string[]): (char: string) => boolean {
  const negated = inside[0] === '!';
  const chars = negated ? inside.slice(1) : inside;
  const [low = '', dash, high = ''] = chars;
  const found =
    chars.length === 3 && dash === '-'
      ? (char: string) => low <= char && char <= high
      : (char: string) => chars.includes(char);
  return (char) => found(char) !== negated;
}

/** Only the last star needs to be tried again: the usual linear walk. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let [token, char, star, mark] = [0, 0, -1, 0];
  while (char < text.length) {
    const current = tokens[token];
    if (current?.kind === 'one' && current.test(text[char] ?? '')) {
      token++;
      char++;
    } else if (current?.kind === 'star') {
      star = token++;
      mark = char;
    } else if (star >= 0) {
      token = star + 1;
      char = ++mark;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}
