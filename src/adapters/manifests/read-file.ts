import { parseDocuments } from './parse-documents';
import { readObjects, type ReadObjects } from './read-object';

/** The Kubernetes objects of one YAML or JSON file, with what is wrong with the others. */
export function readFile(text: string, file: string): ReadObjects {
  const parsed = parseDocuments(text, file);
  const read = parsed.documents.map((document) => readObjects(document, file));
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: [...parsed.problems, ...read.flatMap(({ problems }) => problems)],
  };
}
