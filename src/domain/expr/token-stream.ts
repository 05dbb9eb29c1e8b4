import type { Node } from './ast';
import { ExprError } from './expr-error';
import { maxNodes } from './limits';
import { tokenize, type Token } from './tokens';
import { unknownType, type Type } from './types';
import { copyTree } from './walk';

/** A deeper nest of brackets, operators and conditions than this is refused. */
const maxNesting = 200;

type Fields<N> = N extends Node ? Omit<N, 'at' | 'type'> : never;

/** Tokens with a place in them, shared by the functions of the parser, which call each other through it. */
export class TokenStream {
  private index = 0;
  private nodes = 0;
  private nesting = 0;
  /** How many closures enclose the current token: `#` needs one. */
  closures = 0;
  private readonly tokens: readonly Token[];

  constructor(
    source: string,
    /** Names of the environment that hide a builtin of the same name. */
    readonly isHidden: (name: string) => boolean,
    private readonly grammar: {
      readonly expression: (stream: TokenStream, precedence: number) => Node;
      readonly sequence: (stream: TokenStream) => Node;
    },
  ) {
    this.tokens = tokenize(source);
  }

  get current(): Token {
    const token = this.tokens[this.index] ?? this.tokens.at(-1);
    if (token === undefined) throw new ExprError('unexpected end of expression');
    return token;
  }

  get next(): Token | undefined {
    return this.tokens[this.index + 1];
  }

  is(kind: Token['kind'], text?: string): boolean {
    return this.current.kind === kind && (text === undefined || this.current.text === text);
  }

  advance(): Token {
    const token = this.current;
    this.index++;
    return token;
  }

  /** Steps over a token if it is there. */
  accept(kind: Token['kind'], text: string): boolean {
    const isThere = this.is(kind, text);
    if (isThere) this.index++;
    return isThere;
  }

  expect(kind: Token['kind'], text?: string): Token {
    return this.is(kind, text) ? this.advance() : this.fail();
  }

  fail(message?: string, token = this.current): never {
    const found = token.kind === 'end' ? 'unexpected end of expression' : `unexpected ${token.text}`;
    throw new ExprError(message ?? found, token.at);
  }

  make(fields: Fields<Node>, at: number, type: Type = unknownType): Node {
    this.count();
    return { ...fields, at, type };
  }

  /** A node used twice, as in `a < b < c`. */
  copy(node: Node): Node {
    return copyTree(node, () => {
      this.count();
    });
  }

  private count(): void {
    if (++this.nodes > maxNodes) throw new ExprError(`expression has more than ${maxNodes} nodes`);
  }

  expression(precedence = 0): Node {
    return this.nested(() => this.grammar.expression(this, precedence));
  }

  sequence(): Node {
    return this.nested(() => this.grammar.sequence(this));
  }

  private nested(parse: () => Node): Node {
    if (++this.nesting > maxNesting) this.fail('expression is nested too deeply');
    const node = parse();
    this.nesting--;
    return node;
  }
}
