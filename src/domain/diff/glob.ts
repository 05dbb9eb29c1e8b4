/**
 * Whether a text matches a pattern as Argo CD's `ignoreDifferences` reads them: `*` is any text, `?` any character, `{a,b}` one of
 * several, `[a-z]` a class, `\` takes the next character as it is. A pattern that is none of these matches itself only.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  return pattern === text || new RegExp(`^${source(pattern)}$`, 's').test(text);
}

function source(pattern: string): string {
  let depth = 0;
  let made = '';
  for (const [part] of pattern.matchAll(/\\.|\[!?[^\]\\[]+\]|./gs)) {
    if (part.length === 2 && part.startsWith('\\')) made += escape(part.slice(1));
    else if (part.length > 1) made += part.replace(/^\[!/, '[^');
    else if (part === '*') made += '.*';
    else if (part === '?') made += '.';
    else if (part === '{') {
      depth += 1;
      made += '(?:';
    } else if (part === '}' && depth > 0) {
      depth -= 1;
      made += ')';
    } else if (part === ',' && depth > 0) made += '|';
    else made += escape(part);
  }
  return made + ')'.repeat(depth);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
