import { ExprError } from './expr-error';

/** Longest expression read, in characters. expr-lang has no such limit; no condition written by hand comes near. */
export const maxSourceLength = 10_000;
/** As expr-lang: nodes of the syntax tree. */
export const maxNodes = 10_000;
/** Height of the syntax tree: what recursion over it can bear, on a stack that is already half used. */
export const maxDepth = 300;
/** Longest text an expression may build, in UTF-16 units. */
const maxText = 1_000_000;
const maxSteps = 250_000;
/** As expr-lang: elements of all arrays and maps an expression makes. */
const maxMemory = 1_000_000;

/** Counts what one evaluation uses, so that none runs for long: all its steps take about 100 ms. */
export class Budget {
  private steps = 0;
  private memory = 0;

  /** One step is one node evaluated, or work of that order. */
  step(count = 1): void {
    this.steps += count;
    if (this.steps > maxSteps) throw new ExprError(`evaluation takes more than ${maxSteps} steps`);
  }

  /** As expr-lang's memory budget: `size` more elements. */
  grow(size: number): void {
    this.memory += size;
    this.step(Math.ceil(size / 8));
    if (this.memory >= maxMemory) throw new ExprError('memory budget exceeded');
  }

  /** Accounts for a text about to be built. */
  text(length: number): void {
    if (length > maxText) throw new ExprError(`text of more than ${maxText} characters`);
    this.step(Math.ceil(length / 16));
  }
}
