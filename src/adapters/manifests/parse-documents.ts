import { LineCounter, parseAllDocuments, type Document, type YAMLError } from 'yaml';
import type { FieldPath } from '../../domain/located';
import type { Problem } from '../../domain/problem';
import { limits } from './limits';
import { lineFinder } from './locate-node';
import { whyNotJson } from './plain-json';
import { kubernetesYaml } from './schema';
import { yamlProblem } from './yaml-error';

/** One YAML document as plain JSON. */
export interface ParsedDocument {
  readonly json: unknown;
  lineOf(path: FieldPath): number | undefined;
}

export interface ParsedFile {
  readonly documents: readonly ParsedDocument[];
  readonly problems: readonly Problem[];
}

/** The documents of one YAML or JSON file, without the empty ones. */
export function parseDocuments(text: string, file: string): ParsedFile {
  const fail = (message: string, remedy: string): ParsedFile => ({
    documents: [],
    problems: [{ code: 'InvalidYaml', message, file, remedy }],
  });
  if (text.length > limits.fileLength) {
    return fail(`is longer than ${limits.fileLength / 1_000_000} million characters`, 'split the file');
  }
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, { ...kubernetesYaml, lineCounter: lines });
    const read = [...parsed].map((document) => readDocument(document, { file, text, lines }));
    return {
      documents: read.flatMap((each) => each.documents),
      problems: read.flatMap((each) => each.problems),
    };
  } catch (error: unknown) {
    // The parser descends by recursion: thousands of nested brackets exhaust the stack.
    if (error instanceof RangeError)
      return fail('has too many maps and lists inside each other', 'flatten it');
    throw error;
  }
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

function readDocument(document: Document, source: Source): ParsedFile {
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  if (errors.length > 0)
    return { documents: [], problems: errors.map((error) => yamlProblem(error, source)) };
  if (document.contents === null) return { documents: [], problems: [] };
  const lineOf = lineFinder(document, source.lines);
  const wrong = (message: string, remedy: string): ParsedFile => {
    const line = lineOf([]) ?? 1;
    return { documents: [], problems: [{ code: 'InvalidYaml', message, file: source.file, line, remedy }] };
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: limits.aliases });
  } catch (error: unknown) {
    // What the library throws here: too many aliases, an alias without anchor, a merge of something that is no map.
    const tooMany = error instanceof ReferenceError && error.message.startsWith('Excessive');
    if (tooMany) return wrong(`an anchor is used more than ${limits.aliases} times`, 'write the values out');
    return wrong('an alias or a merge key (<<) refers to nothing that fits', 'write the values out');
  }
  const reason = whyNotJson(value);
  if (reason !== undefined) return wrong(reason, 'write it in quotes, or make the object smaller');
  if (value === null) return { documents: [], problems: [] };
  // A copy without shared parts: aliases must not make two fields one object.
  return { documents: [{ json: JSON.parse(JSON.stringify(value)) as unknown, lineOf }], problems: [] };
}
