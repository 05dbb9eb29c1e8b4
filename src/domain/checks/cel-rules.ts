import { kindKeyOf, type KubeObject } from '../kube-object';
import { Fields } from '../fields';
import type { Located } from '../located';
import { matchesGlob } from '../glob';
import { reportUnknown } from '../read-refusals';
import type { Problem } from '../problem';

/** One rule in CEL: its expression must be true, as a validation of a ValidatingAdmissionPolicy must. */
export interface CelRule {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly severity: 'deny' | 'warn';
  readonly expression: string;
  readonly message?: string;
  /** CEL that gives the message; where it fails, `message` is used. */
  readonly messageExpression?: string;
  /** `Deployment`, `apps/Deployment`, globs; empty: every kind. */
  readonly kinds: readonly string[];
  /** Globs; empty: every namespace, and objects without one. */
  readonly namespaces: readonly string[];
}

/** Reads a list of rules; `located` is the document they stand in, and `list` the list. */
export function readCelRules(
  located: Located,
  list: readonly unknown[],
  problems: Problem[],
): readonly CelRule[] {
  const top = new Fields({ located, problems }, [], { rules: list });
  return top.maps('rules').flatMap((rule) => readRule(rule) ?? []);
}

function readRule(rule: Fields): CelRule | undefined {
  const { located } = rule.source;
  const name = required(rule, 'name', 'give the rule a name, which violations are told by');
  const expression = required(rule, 'expression', 'write what must hold, such as object.spec.replicas >= 2');
  const message = rule.string('message');
  const messageExpression = rule.string('messageExpression');
  const severity = rule.oneOf('severity', ['deny', 'warn']) ?? 'deny';
  const match = rule.map('match');
  const kinds = texts(match, 'kinds');
  const namespaces = texts(match, 'namespaces');
  if (match !== undefined) reportUnknown(match);
  reportUnknown(rule);
  if (name === undefined || expression === undefined) return undefined;
  return {
    name,
    file: located.file,
    line: located.lineOf(rule.path) ?? located.line,
    severity,
    expression,
    ...(message === undefined ? {} : { message }),
    ...(messageExpression === undefined ? {} : { messageExpression }),
    kinds,
    namespaces,
  };
}

function required(rule: Fields, key: string, remedy: string): string | undefined {
  const text = rule.string(key)?.trim();
  if (text !== undefined && text !== '') return text;
  if (rule.raw(key) === undefined || text === '') rule.invalid(key, 'is missing', { remedy });
  return undefined;
}

function texts(match: Fields | undefined, key: string): readonly string[] {
  return (match?.list(key) ?? []).flatMap((each) => {
    if (typeof each === 'string' && each !== '') return [each];
    match?.invalid(key, 'must be a list of texts', {
      value: each,
      remedy: 'write names, or patterns with *',
    });
    return [];
  });
}

/** Rules of one `.cel` file: a single expression under comments (`//`), whose text is the message; `// warn:` makes it a warning. */
export function readCelFile(file: string, text: string): CelRule {
  const lines = text.split(/\r?\n/);
  const comments = lines
    .filter((line) => /^\s*\/\//.test(line))
    .map((line) => line.replace(/^\s*\/\/\s?/, ''));
  const first = lines.findIndex((line) => line.trim() !== '' && !/^\s*\/\//.test(line));
  const isWarning = /^warn:/i.test(comments[0] ?? '');
  const message = comments
    .join(' ')
    .replace(/^(warn|deny):\s*/i, '')
    .trim();
  const name = (file.split('/').at(-1) ?? file).replace(/\.cel$/, '');
  return {
    name,
    file,
    line: Math.max(first, 0) + 1,
    severity: isWarning ? 'warn' : 'deny',
    expression: lines
      .map((line) => (/^\s*\/\//.test(line) ? '' : line))
      .join('\n')
      .trim(),
    ...(message === '' ? {} : { message }),
    kinds: [],
    namespaces: [],
  };
}

/** A rule that never speaks of `object` is about the revision, and is asked once. */
export function isAboutRevision({ expression, messageExpression = '' }: CelRule): boolean {
  return !/\bobject\b/.test(withoutTexts(`${expression}\n${messageExpression}`));
}

/** Whether a rule is asked about an object; `namespace` is where objects go that name none. */
export function celMatches(rule: CelRule, object: KubeObject, namespace: string): boolean {
  const { kind, apiVersion, metadata } = object;
  const names = [kind, kindKeyOf(object), `${apiVersion}/${kind}`];
  const isKind =
    rule.kinds.length === 0 || rule.kinds.some((each) => names.some((name) => matchesGlob(each, name)));
  const place = metadata.namespace ?? namespace;
  return isKind && (rule.namespaces.length === 0 || rule.namespaces.some((each) => matchesGlob(each, place)));
}

function withoutTexts(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
}
