import type { Document, LineCounter, YAMLError } from 'yaml';
import type { Problem } from '../../domain/problem';
import { checkNodes } from './check-nodes';
import { lateLines, parseText, type LineOf } from './late-lines';
import { limits } from './limits';
import { lineFinder } from './locate-node';
import { tooDeep, whyTooBig, type Objection } from './plain-json';
import { yamlProblems } from './yaml-error';

/** One YAML document as plain JSON. */
export interface ParsedDocument {
  readonly json: unknown;
  readonly lineOf: LineOf;
}

export interface ParsedFile {
  readonly documents: readonly ParsedDocument[];
  readonly problems: readonly Problem[];
}

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly text: string;
}

/** The documents of one YAML or JSON file, without the empty ones. */
export function parseDocuments(text: string, file: string): ParsedFile {
  if (text.length > limits.fileLength) return wrong({ file }, tooLong);
  try {
    const { documents, lines } = parseText(text);
    const source = { file, lines, text };
    const read = documents.map((document, index) => readDocument(document, source, index));
    return {
      documents: read.flatMap(({ documents }) => documents),
      problems: read.flatMap(({ problems }) => problems),
    };
  } catch (error: unknown) {
    // The library descends by recursion: thousands of nested brackets exhaust the stack.
    if (error instanceof RangeError) return wrong({ file }, tooDeep);
    throw error;
  }
}

const tooLong: Objection = {
  message: `is longer than ${limits.fileLength / 1_000_000} million characters`,
  remedy: 'split the file',
};

function wrong(place: { file: string; line?: number }, objection: Objection): ParsedFile {
  return { documents: [], problems: [{ code: 'InvalidYaml', ...objection, ...place }] };
}

function readDocument(document: Document, source: Source, index: number): ParsedFile {
  // Other warnings are about style, such as a closing bracket that is not indented.
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
  const errors: readonly YAMLError[] = [...document.errors, ...tags];
  const problems = errors.length > 0 ? yamlProblems(errors, source) : checkNodes(document, source);
  if (problems.length > 0) return { documents: [], problems };
  const lineOf = lateLines(lineFinder(document, source.lines), source.text, index);
  const place = { file: source.file, line: lineOf([]) ?? 1 };
  const expanded = expand(document);
  if (!expanded.ok) return wrong(place, expanded.objection);
  const objection = whyTooBig(expanded.value);
  if (objection !== undefined) return wrong(place, objection);
  if (expanded.value === null) return { documents: [], problems: [] };
  // A copy without shared parts: aliases must not make two fields one object.
  return {
    documents: [{ json: JSON.parse(JSON.stringify(expanded.value)) as unknown, lineOf }],
    problems: [],
  };
}

type Expanded =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly objection: Objection };

/** The values of a document with its aliases put in. */
function expand(document: Document): Expanded {
  const remedy = 'write the values out';
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: limits.aliases }) as unknown };
  } catch (error: unknown) {
    if (error instanceof RangeError) throw error;
    // What else the library throws here: an anchor used too often, a merge of something that is no map.
    const tooMany = error instanceof ReferenceError && error.message.startsWith('Excessive');
    const message = tooMany
      ? `an anchor is used more than ${limits.aliases} times`
      : 'a merge key (<<) refers to something that is no map';
    return { ok: false, objection: { message, remedy } };
  }
}
