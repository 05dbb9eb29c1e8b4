import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from '../../domain/problem';
import { tooDeep, type Objection } from './plain-json';

/** Further errors of one document mostly follow from the first ones. */
const mostErrors = 3;

/** What the YAML parser says about one document: the first error of each line, and of those the first three. */
export function yamlProblems(
  errors: readonly YAMLError[],
  source: { readonly file: string; readonly lines: LineCounter },
): readonly Problem[] {
  const perLine = new Map<number, Problem>();
  for (const error of errors) {
    const { line, col } = source.lines.linePos(error.pos[0]);
    if (!perLine.has(line))
      perLine.set(line, { code: 'InvalidYaml', file: source.file, line, ...tell(error, col) });
  }
  return [...perLine.values()].slice(0, mostErrors);
}

/** Of the file's own text nothing is repeated: it may be a Secret. */
function tell(error: YAMLError, column: number): Objection {
  // The parser descends by recursion: thousands of nested brackets exhaust the stack.
  if (/call stack/i.test(error.message)) return tooDeep;
  const words = error.code === 'NON_STRING_KEY' ? 'a key is no text' : wordsOf(error.message);
  const remedy = openEnds.find(([words]) => words.test(error.message))?.[1] ?? remedies[error.code];
  return { message: `not valid YAML at column ${column}: ${words}`, remedy: remedy ?? 'mend the syntax' };
}

const openEnds: readonly (readonly [RegExp, string])[] = [
  [/closing ["']quote/, 'close it, and indent its further lines deeper than its key'],
  [/end with a [\]}]/, 'close the bracket, and indent what is in it deeper than its key'],
];

const remedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent what belongs together alike, and deeper than what it belongs to',
  TAG_RESOLVE_FAILED: 'remove the tag: Kubernetes objects have none',
  BAD_SCALAR_START: 'write the value in quotes',
  NON_STRING_KEY: 'write a text as the key; a template ({{ }}) has to be rendered first',
};

/** The parser's words without the pieces of the file that it puts after a colon or after `sequence`. */
function wordsOf(message: string): string {
  const words = message
    .replace(/: .*$/s, '')
    .replace(/(escape sequence) .*$/s, '$1')
    .replace(/(["'])quote/, 'quote $1')
    .replace(/\.$/, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}
