/** What a person typed cannot be meant: exit code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}
