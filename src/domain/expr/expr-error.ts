/** What is wrong with an expression, or with a value it met. Thrown inside this folder only; `index.ts` turns it into a result. */
export class ExprError extends Error {
  /** `at`: offset in the source in characters, from 0; absent when it is not known where. */
  constructor(
    message: string,
    readonly at?: number,
  ) {
    super(message);
  }
}

/** Message with the column, from 1, when known. */
export function describe(error: ExprError): string {
  return error.at === undefined ? error.message : `${error.message} (column ${error.at + 1})`;
}
