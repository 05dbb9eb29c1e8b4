import { nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { problemAt, type FieldPath } from '../domain/located';
import type { Problem, ProblemCode } from '../domain/problem';
import type { PortError } from '../ports/port-error';
import type { Selected } from './selection';

const codes: Partial<Record<PortError['code'], ProblemCode>> = {
  Forbidden: 'Forbidden',
  ImmutableField: 'ImmutableField',
  KindNotFound: 'KindNotFound',
  OwnedByAnother: 'OwnedByAnother',
  Unauthenticated: 'Unauthenticated',
};

/** What the API server refused, at its place in Git: a field that it names is looked up in the object. */
export function problemOf({ source, object }: Selected, error: PortError): Problem {
  const code = isUnknown(error) ? 'UnknownField' : (codes[error.code] ?? 'Invalid');
  const path = resolve(object, fieldIn(error) ?? '');
  return { ...problemAt(source, { code, path, message: error.message }), object: nameOf(refOf(object)) };
}

/** The field that the server does not know, if that is what it says. */
export function unknownField(object: KubeObject, error: PortError): FieldPath | undefined {
  const field = isUnknown(error) ? fieldIn(error) : undefined;
  const path = field === undefined ? [] : resolve(object, field);
  return path.length === 0 ? undefined : path;
}

function isUnknown({ message }: PortError): boolean {
  return /unknown field|field not declared in schema/.test(message);
}

/** From the answer's causes, else from its words: `unknown field "spec.a"`, `.spec.a: field not declared in schema`. */
function fieldIn({ facts, message }: PortError): string | undefined {
  const field = facts['field'];
  if (typeof field === 'string') return field;
  const found =
    /unknown field "([^"]+)"/.exec(message) ?? /\.?(\S+): field not declared in schema/.exec(message);
  return found?.[1];
}

/** `spec.containers[name="web"].image`, `spec.ports[0].port` → the path, with list keys turned into indices. */
function resolve(object: KubeObject, field: string): FieldPath {
  const path: (string | number)[] = [];
  let value: unknown = object;
  for (const [, name, key, keyed, index] of field.matchAll(
    /([^.[\]]+)(?=[.[]|$)|\[(\w+)="([^"]*)"[^\]]*\]|\[(\d+)\]/g,
  )) {
    const part = name ?? (index === undefined ? indexOf(value, key ?? '', keyed ?? '') : Number(index));
    path.push(part);
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[part];
  }
  return path;
}

function indexOf(list: unknown, key: string, value: string): number {
  if (!Array.isArray(list)) return 0;
  return Math.max(
    0,
    (list as Readonly<Record<string, unknown>>[]).findIndex((each) => String(each[key]) === value),
  );
}
