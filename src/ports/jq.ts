/** A path that an expression names, as jq writes it: keys, indices (negative ones count from the end) and slices. */
export type JqPath = readonly (string | number | JqSlice)[];

export interface JqSlice {
  readonly start: number | null;
  readonly end: number | null;
}

/**
 * What a path expression names in one value, or why it does not say. `syntax`: it is wrong for every value; `unfit`: this value is of
 * another shape than it expects (jq's "Cannot iterate over …", "Cannot index …"); `failed`: it ended with another error; `time`,
 * `memory`, `size`: it went beyond a limit. `message` is jq's own for `syntax` only: the others may quote the value.
 */
export type JqAnswer =
  | { readonly kind: 'paths'; readonly paths: readonly JqPath[] }
  | {
      readonly kind: 'syntax' | 'unfit' | 'failed' | 'time' | 'memory' | 'size';
      readonly message: string;
    };

/** jq, for expressions of people who are not trusted: it sees nothing but the value, and its time and memory are limited. */
export interface Jq {
  /** Evaluates `path(expression)` on `input`, which is plain JSON. Never rejects because of the expression. */
  paths(input: unknown, expression: string): Promise<JqAnswer>;
  close(): Promise<void>;
}
