import type { KubeObject } from '../../domain/kube-object';
import type { FieldPath, Located } from '../../domain/located';
import type { Problem, ProblemCode } from '../../domain/problem';
import { peekText } from '../../domain/peek';
import { fieldOf, isMap, kindOf, quoting } from '../../domain/read-json';
import { syncAnnotations } from '../../domain/sync/annotations';
import type { ParsedDocument } from './parse-documents';

export interface ReadObjects {
  readonly objects: readonly Located[];
  readonly problems: readonly Problem[];
}

/** The Kubernetes objects of one document: one, or the items of a `List`. */
export function readObjects(document: ParsedDocument, file: string): ReadObjects {
  const items = fieldOf(document.json, 'items');
  const kind = fieldOf(document.json, 'kind');
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  if (!isList || fieldOf(fieldOf(document.json, 'metadata'), 'name') !== undefined)
    return readOne(document, file);
  const itemKind = kind.slice(0, -'List'.length);
  const head = itemKind === '' ? {} : { apiVersion: fieldOf(document.json, 'apiVersion'), kind: itemKind };
  const read = items.map((item: unknown, index) => {
    const lineOf = (path: FieldPath) => document.lineOf(['items', index, ...path]);
    return readOne({ json: isMap(item) ? { ...head, ...item } : item, lineOf }, file);
  });
  return { objects: read.flatMap((each) => each.objects), problems: read.flatMap((each) => each.problems) };
}

function readOne({ json, lineOf }: ParsedDocument, file: string): ReadObjects {
  const line = lineOf([]) ?? 1;
  const problems = isMap(json)
    ? headProblems(json)
    : [notAnObject(`a Kubernetes object is a map, not ${kindOf(json)}`)];
  if (problems.length === 0) {
    return { objects: [{ object: named(json as KubeObject), file, line, lineOf }], problems };
  }
  const kind = fieldOf(json, 'kind');
  const object = typeof kind === 'string' && kind !== '' ? { object: kind } : {};
  const placed = problems.map(({ path, ...problem }) => {
    const field = path.length === 0 ? {} : { field: path.join('.') };
    return { ...problem, file, line: lineOf(path) ?? line, ...object, ...field };
  });
  return { objects: [], problems: placed };
}

interface HeadProblem {
  readonly code: ProblemCode;
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

function headProblems(json: object): readonly HeadProblem[] {
  const apiVersion = fieldOf(json, 'apiVersion');
  const kind = fieldOf(json, 'kind');
  if (apiVersion === undefined && kind === undefined) {
    return [notAnObject('not a Kubernetes object: apiVersion and kind are missing')];
  }
  if (kind === 'List' && !Array.isArray(fieldOf(json, 'items'))) {
    const remedy = 'write them under it, or [] for none';
    return [{ code: 'InvalidSpec', path: ['items'], message: 'must be a list of objects', remedy }];
  }
  return [
    ...missingText(['apiVersion'], apiVersion, 'write it, such as apps/v1'),
    ...missingText(['kind'], kind, 'write it, such as Deployment'),
    ...metadataProblems(fieldOf(json, 'metadata')),
  ];
}

function metadataProblems(metadata: unknown): readonly HeadProblem[] {
  if (metadata !== undefined && !isMap(metadata)) {
    const message = `must be a map of fields, not ${kindOf(metadata)}`;
    return [{ code: 'InvalidSpec', path: ['metadata'], message, remedy: 'write metadata.name' }];
  }
  const name = fieldOf(metadata, 'name');
  const generated = fieldOf(metadata, 'generateName');
  if (name === undefined && generated !== undefined && !isSyncHook(metadata)) {
    const message = 'only hooks of a sync may get a new name each time';
    return [
      { code: 'Unsupported', path: ['metadata', 'generateName'], message, remedy: 'write metadata.name' },
    ];
  }
  const namespace = fieldOf(metadata, 'namespace');
  const namespaceProblems =
    namespace === undefined
      ? []
      : missingText(['metadata', 'namespace'], namespace, 'write a name or remove it');
  const nameProblems =
    name === undefined && generated !== undefined
      ? missingText(['metadata', 'generateName'], generated, 'write metadata.name')
      : missingText(['metadata', 'name'], name, 'give the object a name');
  return [...nameProblems, ...namespaceProblems];
}

/** Hooks of a sync may get a new name each time. */
function isSyncHook(metadata: unknown): boolean {
  const { hook, helmHook } = syncAnnotations;
  return [hook, helmHook].some((name) => peekText(metadata, 'annotations', name) !== undefined);
}

/** What gets its name later (`hookName`) goes by its `generateName` until then. */
function named(object: KubeObject): KubeObject {
  const name = peekText(object, 'metadata', 'name') ?? peekText(object, 'metadata', 'generateName') ?? '';
  return name === object.metadata.name ? object : { ...object, metadata: { ...object.metadata, name } };
}

function missingText(path: readonly string[], value: unknown, remedy: string): readonly HeadProblem[] {
  if (typeof value === 'string' && value !== '') return [];
  const missing = value === undefined || value === '';
  const message = missing ? 'is missing' : `must be a text, not ${kindOf(value)}`;
  const advice = missing || typeof value === 'object' ? remedy : quoting(value);
  return [{ code: 'InvalidSpec', path, message, remedy: advice }];
}

function notAnObject(message: string): HeadProblem {
  const remedy = 'keep only Kubernetes manifests in this directory';
  return { code: 'InvalidSpec', path: [], message, remedy };
}
