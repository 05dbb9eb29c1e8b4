import type { Node } from './ast';
import { parseArguments } from './parse-call';
import type { TokenStream } from './token-stream';

/** Members, calls of members, indices and slices behind an operand. */
export function parsePostfix(stream: TokenStream, operand: Node): Node {
  let node = operand;
  for (;;) {
    if (stream.is('bracket', '[')) {
      node = parseIndex(stream, node, false);
    } else if (stream.is('operator', '.') || stream.is('operator', '?.')) {
      const optional = stream.advance().text === '?.';
      node =
        optional && stream.is('bracket', '[')
          ? parseIndex(stream, node, true)
          : parseMember(stream, node, optional);
    } else {
      return node;
    }
  }
}

/** A member of a chain lengthens the chain, so that `a?.b.c` skips `.c` too. */
function parseMember(stream: TokenStream, base: Node, optional: boolean): Node {
  const { kind, text, at } = stream.advance();
  const isName = kind === 'name' || (kind === 'operator' && /^\p{L}/u.test(text));
  if (!isName) stream.fail('expected a name', { kind, text, at });
  const property = stream.make({ kind: 'string', value: text }, at);
  const node = base.kind === 'chain' ? base.node : base;
  const member = stream.make({ kind: 'member', node, property, optional }, at);
  const whole = stream.is('bracket', '(')
    ? stream.make({ kind: 'call', callee: member, args: parseArguments(stream, []) }, at)
    : member;
  return base.kind === 'chain' || optional ? stream.make({ kind: 'chain', node: whole }, at) : whole;
}

function parseIndex(stream: TokenStream, node: Node, optional: boolean): Node {
  const { at } = stream.advance();
  const from = stream.is('operator', ':') ? undefined : stream.expression();
  if (from !== undefined && !stream.is('operator', ':')) {
    stream.expect('bracket', ']');
    const member = stream.make({ kind: 'member', node, property: from, optional }, at);
    return optional ? stream.make({ kind: 'chain', node: member }, at) : member;
  }
  stream.expect('operator', ':');
  const to = stream.is('bracket', ']') ? undefined : stream.expression();
  stream.expect('bracket', ']');
  return stream.make({ kind: 'slice', node, from, to }, at);
}
