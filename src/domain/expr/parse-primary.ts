import type { Node } from './ast';
import { unaryPrecedence } from './operators';
import { parseCall } from './parse-call';
import { parsePostfix } from './parse-postfix';
import { numberValue } from './token-literals';
import type { TokenStream } from './token-stream';

/** An operand with its signs before and its members, indices and slices behind. */
export function parsePrimary(stream: TokenStream): Node {
  const token = stream.current;
  const precedence = token.kind === 'operator' ? unaryPrecedence[token.text] : undefined;
  if (precedence !== undefined) {
    stream.advance();
    const node = stream.expression(precedence);
    return parsePostfix(stream, stream.make({ kind: 'unary', operator: token.text, node }, token.at));
  }
  if (stream.accept('bracket', '(')) {
    const node = stream.sequence();
    stream.expect('bracket', ')');
    return parsePostfix(stream, node);
  }
  if (stream.closures > 0 && (stream.is('operator', '#') || stream.is('operator', '.'))) {
    return parsePostfix(stream, parsePointer(stream));
  }
  if (stream.accept('operator', '::')) {
    return parsePostfix(stream, parseCall(stream, stream.expect('name'), [], { mayHide: false }));
  }
  return parseOperand(stream);
}

/** `#`, `#index`, or nothing before the dot of `.field`. */
function parsePointer(stream: TokenStream): Node {
  const { at } = stream.current;
  const name = stream.accept('operator', '#') && stream.is('name') ? stream.advance().text : '';
  return stream.make({ kind: 'pointer', name }, at);
}

/** Numbers, booleans and nil take nothing behind them: `1.foo` and `nil[0]` are errors of syntax. */
function parseOperand(stream: TokenStream): Node {
  const token = stream.advance();
  const { text, at } = token;
  switch (token.kind) {
    case 'name':
      if (text === 'true' || text === 'false')
        return stream.make({ kind: 'bool', value: text === 'true' }, at);
      if (text === 'nil') return stream.make({ kind: 'nil' }, at);
      if (stream.is('bracket', '(')) return parsePostfix(stream, parseCall(stream, token, []));
      return parsePostfix(stream, stream.make({ kind: 'name', name: text }, at));
    case 'number': {
      const value = numberValue(text);
      if (value === undefined) return stream.fail(`invalid number ${text}`, token);
      return typeof value === 'bigint'
        ? stream.make({ kind: 'int', value }, at)
        : stream.make({ kind: 'float', value }, at);
    }
    case 'string':
      return parsePostfix(stream, stream.make({ kind: 'string', value: text }, at));
    case 'bracket':
      if (text === '[') return parsePostfix(stream, parseArray(stream, at));
      return text === '{' ? parsePostfix(stream, parseMap(stream, at)) : stream.fail(undefined, token);
    case 'operator':
    case 'end':
      return stream.fail(undefined, token);
  }
}

function parseArray(stream: TokenStream, at: number): Node {
  const nodes: Node[] = [];
  while (!stream.accept('bracket', ']')) {
    if (nodes.length > 0) {
      stream.expect('operator', ',');
      if (stream.accept('bracket', ']')) break;
    }
    nodes.push(stream.expression());
  }
  return stream.make({ kind: 'array', nodes }, at);
}

function parseMap(stream: TokenStream, at: number): Node {
  const nodes: Node[] = [];
  while (!stream.accept('bracket', '}')) {
    if (nodes.length > 0) {
      stream.expect('operator', ',');
      if (stream.accept('bracket', '}')) break;
    }
    const key = parseKey(stream);
    stream.expect('operator', ':');
    nodes.push(key, stream.expression());
  }
  return stream.make({ kind: 'map', nodes }, at);
}

/** A name, a string or a number as written, each taken as text; or an expression in parentheses. */
function parseKey(stream: TokenStream): Node {
  if (stream.is('name') || stream.is('string') || stream.is('number')) {
    const { text, at } = stream.advance();
    return stream.make({ kind: 'string', value: text }, at);
  }
  return stream.is('bracket', '(')
    ? stream.expression()
    : stream.fail('a map key is a name, a string, a number or an expression in parentheses');
}
