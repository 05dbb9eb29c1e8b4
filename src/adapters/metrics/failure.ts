/** Why a measurement has no value; the message stands after the provider's name and address. */
export class Failure extends Error {
  constructor(
    reason: string,
    /** Nothing is known of the application; otherwise the question or the answer is wrong. */
    readonly isUnreachable: boolean,
  ) {
    super(reason);
    this.name = 'Failure';
  }
}

/** The question is wrong, or the answer is none: asking again brings nothing. */
export function wrong(reason: string): Failure {
  return new Failure(reason, false);
}

/** The metric system is not there, or too busy to answer. */
export function unreachable(reason: string): Failure {
  return new Failure(reason, true);
}
