/** How tightly operators bind: the higher, the tighter. */
export const unaryPrecedence: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 90, '+': 90 };

const levels: readonly (readonly [number, readonly string[]])[] = [
  [0, ['|']],
  [10, ['or', '||']],
  [15, ['and', '&&']],
  [20, ['==', '!=', '<', '>', '>=', '<=', 'in', 'matches', 'contains', 'startsWith', 'endsWith']],
  [25, ['..']],
  [30, ['+', '-']],
  [60, ['*', '/', '%']],
  [100, ['**', '^']],
  [500, ['??']],
];

export const binaryPrecedence: ReadonlyMap<string, number> = new Map(
  levels.flatMap(([precedence, operators]) => operators.map((each): [string, number] => [each, precedence])),
);

export const isRightAssociative = (operator: string): boolean => operator === '**' || operator === '^';
/** `1 < x < 3` is `1 < x && x < 3`. */
export const isOrdering = (operator: string): boolean => ['<', '>', '<=', '>='].includes(operator);
/** `x not in y`. */
export const mayFollowNot = (operator: string): boolean =>
  ['in', 'matches', 'contains', 'startsWith', 'endsWith'].includes(operator);
