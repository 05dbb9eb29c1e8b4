import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from '../../domain/problem';
import { tooDeep } from './plain-json';

/** A message of the YAML parser as a problem. Of the file's own text nothing is repeated: it may be a Secret. */
export function yamlProblem(
  error: YAMLError,
  { file, lines }: { file: string; lines: LineCounter },
): Problem {
  const { line, col } = lines.linePos(error.pos[0]);
  // The parser descends by recursion: thousands of nested brackets exhaust the stack.
  if (/call stack/i.test(error.message)) return { code: 'InvalidYaml', file, line, ...tooDeep };
  const message = `not valid YAML at column ${col}: ${wordsOf(error.message)}`;
  return { code: 'InvalidYaml', message, file, line, remedy: remedies[error.code] ?? 'mend the syntax' };
}

const remedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'remove the tag: Kubernetes objects have none',
  BAD_SCALAR_START: 'write the value in quotes',
  NON_STRING_KEY: 'use a text as the key',
};

/** The parser's words without the pieces of the file that it puts after a colon or after `sequence`. */
function wordsOf(message: string): string {
  const words = message
    .replace(/: .*$/s, '')
    .replace(/(escape sequence) .*$/s, '$1')
    .replace(/\.$/, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}
