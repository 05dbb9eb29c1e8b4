import { LineCounter, isNode, parseDocument } from 'yaml';
import { readCelFile, readCelRules, type CelRule } from '../../domain/checks/cel-rules';
import type { FieldPath, Located } from '../../domain/located';
import { describeProblem, type Problem } from '../../domain/problem';
import type { PolicyFile } from '../../ports/policies';
import type { EngineAnswer } from './set';

/** The rules in CEL of some files, and what is wrong with them. */
export interface ReadRules {
  readonly rules: readonly CelRule[];
  readonly flaws: EngineAnswer['flaws'];
}

/** No expression begins like the first rule of a list. */
const isList = /^(?:\s*#.*\n|\s*\n)*\s*-\s+[A-Za-z]+:\s/;

/** Reads `*.yaml`, `*.yml` (a list of rules) and `*.cel` (one expression, or a list too). */
export function readRules(files: readonly PolicyFile[]): ReadRules {
  const read = files.map(({ path, content }) =>
    path.endsWith('.cel') && !isList.test(content)
      ? { rules: [readCelFile(path, content)], flaws: [] }
      : readList(path, content),
  );
  return { rules: read.flatMap(({ rules }) => rules), flaws: read.flatMap(({ flaws }) => flaws) };
}

function readList(file: string, content: string): ReadRules {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const [error] = document.errors;
  const flaw = (message: string, line = 1): ReadRules => ({ rules: [], flaws: [{ file, line, message }] });
  if (error !== undefined)
    return flaw(`is no YAML: ${error.message.split('\n')[0]}`, error.linePos?.[0].line);
  let list: unknown;
  try {
    list = document.toJS({ maxAliasCount: 100 });
  } catch {
    return flaw('uses its anchors too often');
  }
  if (list === null || list === undefined) return { rules: [], flaws: [] };
  if (!Array.isArray(list))
    return flaw('must be a list of rules: name, expression, message, match, severity');
  const problems: Problem[] = [];
  const lineOf = (path: FieldPath): number | undefined => {
    for (let depth = path.length; depth > 1; depth -= 1) {
      const node = document.getIn(path.slice(1, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  // The head is only there because every document that is read has one.
  const object = { apiVersion: 'belay.dev/v1', kind: 'Policies', metadata: { name: file } };
  const located: Located = { object, file, line: 1, lineOf };
  const rules = readCelRules(located, list, problems);
  return { rules, flaws: problems.map((each) => ({ file, line: each.line ?? 1, message: textOf(each) })) };
}

function textOf({ file: _file, line: _line, object: _object, ...rest }: Problem): string {
  return describeProblem(rest);
}
