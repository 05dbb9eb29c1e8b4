import type { Node } from './ast';
import { ExprError } from './expr-error';
import { maxDepth, maxSourceLength } from './limits';
import { binaryPrecedence, isOrdering, isRightAssociative, mayFollowNot } from './operators';
import { parseCall } from './parse-call';
import { parsePrimary } from './parse-primary';
import { TokenStream } from './token-stream';
import type { Token } from './tokens';
import { isWithinDepth } from './walk';

/** Syntax tree of an expression. `isHidden` tells the names that hide a builtin. Throws ExprError. */
export function parse(source: string, isHidden: (name: string) => boolean = () => false): Node {
  if (source.length > maxSourceLength) {
    throw new ExprError(`expression is longer than ${maxSourceLength} characters`);
  }
  const stream = new TokenStream(source, isHidden, { expression: parseExpression, sequence: parseSequence });
  const node = stream.sequence();
  stream.expect('end');
  if (!isWithinDepth(node, maxDepth)) throw new ExprError('expression is nested too deeply');
  return node;
}

function parseSequence(stream: TokenStream): Node {
  const { at } = stream.current;
  const nodes = [stream.expression()];
  while (stream.accept('operator', ';') && !stream.is('end')) nodes.push(stream.expression());
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : stream.make({ kind: 'sequence', nodes }, at);
}

function parseExpression(stream: TokenStream, precedence: number): Node {
  if (precedence === 0 && stream.is('operator', 'let')) return parseLet(stream);
  if (precedence === 0 && stream.is('operator', 'if')) return parseIf(stream);
  const node = parseOperators(stream, precedence);
  return precedence === 0 ? parseTernary(stream, node) : node;
}

function parseOperators(stream: TokenStream, precedence: number): Node {
  let node = parsePrimary(stream);
  for (let previous = ''; ;) {
    const operator = operatorHere(stream);
    if (operator === undefined || operator.precedence < precedence) return node;
    if (operator.negation !== undefined) stream.advance();
    const { text } = stream.advance();
    if (text === '|') {
      node = parseCall(stream, stream.expect('name'), [node]);
    } else if (previous === '??' && text !== '??') {
      stream.fail(`?? and ${text} cannot be mixed without parentheses`, operator.token);
    } else if (isOrdering(text)) {
      node = parseOrdering(stream, node, operator);
    } else {
      const right = stream.expression(operator.precedence + (isRightAssociative(text) ? 0 : 1));
      node = stream.make({ kind: 'binary', operator: text, left: node, right }, operator.token.at);
      if (operator.negation !== undefined) {
        node = stream.make({ kind: 'unary', operator: 'not', node }, operator.negation.at);
      }
    }
    previous = text;
  }
}

interface Operator {
  readonly token: Token;
  readonly precedence: number;
  readonly negation?: Token;
}

/** The binary operator at the current token; of `not in` the second word. */
function operatorHere(stream: TokenStream): Operator | undefined {
  const token = stream.current;
  if (token.kind !== 'operator') return undefined;
  const negates = token.text === 'not';
  const found = negates ? stream.next : token;
  if (negates && (found === undefined || !mayFollowNot(found.text))) return stream.fail(undefined, found);
  const precedence = binaryPrecedence.get(found?.text ?? '');
  if (found === undefined || precedence === undefined) return undefined;
  return { token: found, precedence, ...(negates ? { negation: token } : {}) };
}

/** `a < b < c`: each operand between is in two comparisons, which may be rewritten apart. */
function parseOrdering(stream: TokenStream, first: Node, { token, precedence }: Operator): Node {
  let left = first;
  let all: Node | undefined;
  for (let operator = token; ; operator = stream.advance()) {
    const right = stream.expression(precedence + 1);
    const one = stream.make({ kind: 'binary', operator: operator.text, left, right }, operator.at);
    all =
      all === undefined
        ? one
        : stream.make({ kind: 'binary', operator: '&&', left: all, right: one }, operator.at);
    if (!stream.is('operator') || !isOrdering(stream.current.text)) return all;
    left = stream.copy(right);
  }
}

function parseLet(stream: TokenStream): Node {
  stream.advance();
  const name = stream.expect('name');
  stream.expect('operator', '=');
  const value = stream.expression();
  stream.expect('operator', ';');
  return stream.make({ kind: 'let', name: name.text, value, body: stream.sequence() }, name.at);
}

function parseIf(stream: TokenStream): Node {
  const { at } = stream.advance();
  const test = stream.expression();
  const yes = parseBlock(stream);
  stream.expect('operator', 'else');
  const no = stream.is('operator', 'if') ? stream.expression() : parseBlock(stream);
  return stream.make({ kind: 'conditional', test, yes, no }, at);
}

function parseBlock(stream: TokenStream): Node {
  stream.expect('bracket', '{');
  const node = stream.sequence();
  stream.expect('bracket', '}');
  return node;
}

function parseTernary(stream: TokenStream, test: Node): Node {
  let node = test;
  while (stream.is('operator', '?')) {
    const { at } = stream.advance();
    if (stream.accept('operator', ':')) {
      const again = stream.copy(node);
      node = stream.make({ kind: 'conditional', test: node, yes: again, no: stream.expression() }, at);
      continue;
    }
    const yes = stream.expression();
    stream.expect('operator', ':');
    node = stream.make({ kind: 'conditional', test: node, yes, no: stream.expression() }, at);
  }
  return node;
}
