import type { Node } from './ast';
import { ExprError } from './expr-error';
import { Budget } from './limits';
import { compilePattern, type Pattern } from './regex';
import type { Sequence } from './values';

/** An element that a closure is at. */
export class Scope {
  index = 0;
  accumulated: unknown;

  /** A map has a length to count to, and no elements: undefined. */
  constructor(
    readonly array: Sequence | undefined,
    readonly length: number,
  ) {}

  get element(): unknown {
    if (this.array === undefined)
      throw new ExprError('a map has no elements to go through: take keys() or values()');
    if (this.index >= this.length) throw new ExprError('there is no element');
    return this.array[this.index];
  }
}

/** One run of one expression: its names, its closures and what it has used up. */
export class Evaluation {
  readonly budget = new Budget();
  readonly scopes: Scope[] = [];
  /** By `let`; no name is declared twice within another's reach. */
  readonly variables = new Map<string, unknown>();
  private readonly patterns = new Map<string, Pattern>();

  constructor(
    readonly environment: ReadonlyMap<string, unknown>,
    /** Milliseconds since 1970; undefined where there is no `now`. */
    readonly now: number | undefined,
    private readonly evaluateNode: (node: Node, run: Evaluation) => unknown,
  ) {}

  evaluate(node: Node): unknown {
    this.budget.step();
    try {
      return this.evaluateNode(node, this);
    } catch (error: unknown) {
      // The innermost node is the place of the error.
      if (error instanceof ExprError && error.at === undefined) throw new ExprError(error.message, node.at);
      throw error;
    }
  }

  pattern(source: string): Pattern {
    const pattern = this.patterns.get(source) ?? compilePattern(source);
    this.patterns.set(source, pattern);
    return pattern;
  }

  readonly step = (count: number): void => {
    this.budget.step(count);
  };

  readonly text = (length: number): void => {
    this.budget.text(length);
  };
}
