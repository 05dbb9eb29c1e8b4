import type { Node } from './ast';
import { isBuiltin, isClosureBuiltin } from './builtin-names';
import type { TokenStream } from './token-stream';
import type { Token } from './tokens';

/** Arguments after the first and the closure: none, or one that may be left out. */
const shapes: Readonly<Record<string, { closureOptional?: true; third?: true }>> = {
  count: { closureOptional: true },
  sum: { closureOptional: true },
  sortBy: { third: true },
  reduce: { third: true },
};

/**
 * A call of a named function, at its opening bracket. `piped` holds what stands left of `|`, the first argument.
 * `mayHide` is false after `::`, which reaches the builtin past a name of the environment.
 */
export function parseCall(stream: TokenStream, name: Token, piped: Node[], { mayHide = true } = {}): Node {
  const { text, at } = name;
  const isHidden = mayHide && stream.isHidden(text);
  if (isClosureBuiltin(text) && !isHidden) {
    return stream.make({ kind: 'builtin', name: text, args: parseClosureArguments(stream, text, piped) }, at);
  }
  if (isBuiltin(text) && !isHidden) {
    return stream.make({ kind: 'builtin', name: text, args: parseArguments(stream, piped) }, at);
  }
  const callee = stream.make({ kind: 'name', name: text }, at);
  return stream.make({ kind: 'call', callee, args: parseArguments(stream, piped) }, at);
}

/** Arguments in brackets, appended to `piped`. A comma may end them. */
export function parseArguments(stream: TokenStream, piped: readonly Node[]): Node[] {
  const args = [...piped];
  stream.expect('bracket', '(');
  while (!stream.accept('bracket', ')')) {
    if (args.length > piped.length) {
      stream.expect('operator', ',');
      if (stream.accept('bracket', ')')) break;
    }
    args.push(stream.expression());
  }
  return args;
}

function parseClosureArguments(stream: TokenStream, name: string, piped: readonly Node[]): Node[] {
  const args = [...piped];
  const { closureOptional = false, third = false } = shapes[name] ?? {};
  const parts = [
    { parse: () => stream.expression(), optional: false },
    { parse: () => parseClosure(stream), optional: closureOptional },
    ...(third ? [{ parse: () => stream.expression(), optional: true }] : []),
  ].slice(args.length);
  stream.expect('bracket', '(');
  for (const [index, { parse, optional }] of parts.entries()) {
    if (stream.is('bracket', ')')) {
      if (optional) break;
      stream.fail(`${name} needs ${parts.filter((part) => !part.optional).length} arguments here`);
    }
    if (index > 0) stream.expect('operator', ',');
    args.push(parse());
  }
  stream.accept('operator', ',');
  stream.expect('bracket', ')');
  return args;
}

function parseClosure(stream: TokenStream): Node {
  const { at } = stream.current;
  const isBraced = stream.accept('bracket', '{');
  stream.closures++;
  const node = isBraced ? stream.sequence() : stream.expression();
  stream.closures--;
  if (isBraced) stream.expect('bracket', '}');
  else if (stream.is('operator', ';')) stream.fail('wrap the closure in { and }');
  return stream.make({ kind: 'closure', node }, at);
}
