import { ExprError } from '../expr-error';

/** Reads a pattern by code points. */
export class Reader {
  private readonly chars: readonly string[];
  private index = 0;

  constructor(readonly source: string) {
    this.chars = [...source];
  }

  get isAtEnd(): boolean {
    return this.index >= this.chars.length;
  }

  /** The character `ahead` of the next; '' past the end. */
  peek(ahead = 0): string {
    return this.chars[this.index + ahead] ?? '';
  }

  next(): string {
    const char = this.peek();
    if (char === '') this.fail('ends too early');
    this.index++;
    return char;
  }

  accept(text: string): boolean {
    const isThere = this.chars.slice(this.index, this.index + text.length).join('') === text;
    if (isThere) this.index += text.length;
    return isThere;
  }

  /** Takes what a pattern anchored at the start finds in the rest. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.chars.slice(this.index, this.index + 200).join('')) ?? undefined;
    if (found !== undefined) this.index += [...found[0]].length;
    return found;
  }

  fail(message: string): never {
    throw new ExprError(`pattern: ${message}`);
  }
}
