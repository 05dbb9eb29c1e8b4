import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { FieldPath } from '../../domain/located';
import { lineFinder } from './locate-node';
import { kubernetesYaml } from './schema';

export type LineOf = (path: FieldPath) => number | undefined;

/**
 * Lines by the tree of a parsed document as long as it is in memory, which may be freed: objects are kept for as long as their revision is
 * of interest, and hardly ever is one of their lines asked for. The text is parsed again then.
 */
export function lateLines(parsed: LineOf, text: string, index: number): LineOf {
  let known = new WeakRef(parsed);
  return (path) => {
    const found = known.deref() ?? parseAgain(text, index);
    known = new WeakRef(found);
    return found(path);
  };
}

function parseAgain(text: string, index: number): LineOf {
  const { documents, lines } = parseText(text);
  const document = documents[index];
  return document === undefined ? () => undefined : lineFinder(document, lines);
}

/** The documents of a text, the empty ones too, with where its lines begin. */
export function parseText(text: string): {
  readonly documents: readonly Document[];
  readonly lines: LineCounter;
} {
  const lines = new LineCounter();
  return { documents: [...parseAllDocuments(text, { ...kubernetesYaml, lineCounter: lines })], lines };
}
