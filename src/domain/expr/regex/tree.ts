/** Whether a code point is of a set. */
export type CharTest = (code: number) => boolean;

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

/** What a pattern says, greedy and lazy alike: only whether it matches is asked. */
export type Tree =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'concat' | 'either'; readonly parts: readonly Tree[] }
  /** `max` undefined: without end. */
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number | undefined };

export interface Flags {
  readonly foldCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}
