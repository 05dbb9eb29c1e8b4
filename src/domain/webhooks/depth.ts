/** Whether a JSON value is nested deeper than `most` levels: what is shown to a person by recursion would overflow the stack. */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= most; depth += 1) {
    level = level
      .flatMap((each) => Object.values((each ?? {}) as Readonly<Record<string, unknown>>))
      .filter(isNested);
    if (level.length === 0) return false;
  }
  return true;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
