import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from '../../domain/problem';

/** A message of the YAML parser as a problem. Of the text itself nothing is repeated but keys: it may be a Secret. */
export function yamlProblem(
  error: YAMLError,
  source: { file: string; text: string; lines: LineCounter },
): Problem {
  const [offset] = error.pos;
  const { line, col } = source.lines.linePos(offset);
  const place = { file: source.file, line };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^(["']?)([\w./-]{1,80})\1\s*:/.exec(source.text.slice(offset, offset + 120))?.[2];
    const message = `${key === undefined ? 'a key' : `key "${key}"`} is written twice in one map (column ${col})`;
    return { code: 'InvalidYaml', message, ...place, remedy: 'remove one of them' };
  }
  const message = `not valid YAML at column ${col}: ${wordsOf(error.message)}`;
  return { code: 'InvalidYaml', message, ...place, remedy: remedies[error.code] ?? 'mend the syntax' };
}

const remedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'remove the tag: Kubernetes objects have none',
  BAD_SCALAR_START: 'write the value in quotes',
  NON_STRING_KEY: 'use a text as the key',
};

/** The parser's words without the pieces of the file that it puts after a colon, or names after `sequence`. */
function wordsOf(message: string): string {
  const words = message
    .replace(/: .*$/s, '')
    .replace(/(escape sequence) .*$/s, '$1')
    .replace(/\.$/, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}
