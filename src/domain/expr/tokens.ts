import { ExprError } from './expr-error';
import { readNumber, readQuoted, readRaw } from './token-literals';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'bracket' | 'end';
  /** Text; of a string its value. */
  readonly text: string;
  readonly at: number;
}

/** Words that are operators; elsewhere than after a dot they cannot be names. */
const words = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
]);
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/y;
const comment = /\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\//y;
const word = /[\p{L}\p{Nd}_$]+/uy;
const operator = /\|\|?|::?|[&!=*<>][&=*]?|[,;%+^/-]|\.\.?|\?[.?]?|##?/y;

/** Cuts a source into tokens, the last of kind `end`. Throws ExprError. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const skipped = match(space, source, at) ?? match(comment, source, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const { token, end } = readToken(source, at);
    tokens.push(token);
    at = end;
  }
  return [...tokens, { kind: 'end', text: '', at: source.length }];
}

function readToken(source: string, at: number): { token: Token; end: number } {
  const char = source.charAt(at);
  if (char === '"' || char === "'") {
    const { value, end } = readQuoted(source, at);
    return { token: { kind: 'string', text: value, at }, end };
  }
  if (char === '`') {
    const { value, end } = readRaw(source, at);
    return { token: { kind: 'string', text: value, at }, end };
  }
  if (/^\.?[0-9]/.test(source.slice(at, at + 2))) {
    const text = readNumber(source, at);
    return { token: { kind: 'number', text, at }, end: at + text.length };
  }
  if (source.startsWith('/*', at)) throw new ExprError('comment is not closed', at);
  const name = match(word, source, at);
  if (name !== undefined) {
    return { token: { kind: words.has(name) ? 'operator' : 'name', text: name, at }, end: at + name.length };
  }
  if ('([{)]}'.includes(char)) return { token: { kind: 'bracket', text: char, at }, end: at + 1 };
  const sign = match(operator, source, at);
  if (sign === undefined)
    throw new ExprError(`unrecognized character ${JSON.stringify(charAt(source, at))}`, at);
  return { token: { kind: 'operator', text: sign, at }, end: at + sign.length };
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function charAt(source: string, at: number): string {
  return String.fromCodePoint(source.codePointAt(at) ?? 0);
}
