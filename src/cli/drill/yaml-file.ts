import { isMap, type JsonMap } from '../../domain/read-json';
import type { Edit } from '../../domain/drill/fault';
import { loadYaml } from '../lazy';

/** A file of YAML (or JSON) documents that keeps what it is not asked to change, comments too. */
export interface YamlFile {
  /** As maps; all scalars are texts. Undefined for what is no map. */
  readonly documents: readonly (JsonMap | undefined)[];
  /** False where the place lies behind an alias or in something that is no collection: nothing was changed then. */
  edit(index: number, edits: readonly Edit[], isTyped?: boolean): boolean;
  toText(): string;
}

/** Reads a file; undefined where it is not YAML, such as a template of Helm. */
export function readYamlFile(text: string): YamlFile | undefined {
  const yaml = loadYaml();
  // Without types nothing is written differently than it was read: `0644` and `yes` mean something to the parsers of Kubernetes.
  const options = { schema: 'failsafe' } as const;
  const parsed = [...yaml.parseAllDocuments(text, options)];
  const documents = parsed.length > 0 ? parsed : [new yaml.Document({}, options)];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return {
    documents: documents.map((document) => {
      const value: unknown = document.toJS();
      return isMap(value) ? value : undefined;
    }),
    edit(index, edits, isTyped = false) {
      const document = documents[index];
      if (document === undefined) return false;
      try {
        for (const { path, value } of edits) {
          const node = document.createNode(value);
          // A number or `true` that shall be a text must say so.
          if (!isTyped) yaml.visit(node, { Scalar: (key, each) => void (key !== 'key' && quote(each)) });
          document.setIn(path, typeof value === 'string' && isScalarAt(path) ? value : node);
        }
        return true;
      } catch {
        return false;
      }

      function isScalarAt(path: Edit['path']): boolean {
        return yaml.isScalar(document?.getIn(path, true));
      }
    },
    toText: () => documents.map((document) => document.toString(formOf(text))).join(''),
  };

  function quote(scalar: { value: unknown; type?: string }): void {
    if (typeof scalar.value !== 'string') return;
    scalar.type = scalar.value.includes('\n') ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
  }
}

/** How a file is written, so that a change does not write all of it differently. */
function formOf(text: string) {
  const isJson = /^\s*[{[]/.test(text);
  return {
    lineWidth: 0,
    flowCollectionPadding: /[{[] +[^\s}\]]/.test(text),
    // A list below its key, and not further in.
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1- /m.test(text),
    ...(isJson ? ({ defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' } as const) : {}),
  };
}
