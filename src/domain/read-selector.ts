import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { requireField } from './read-with';

/** A label selector as `apps/v1` knows it. */
export interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly Expression[];
}

interface Expression {
  readonly key: string;
  readonly operator: (typeof operators)[number];
  readonly values: readonly unknown[];
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** Reads `spec.selector`; undefined when it is missing, empty or wrong. */
export function readSelector(spec: Fields): Selector | undefined {
  const remedy = 'write selector.matchLabels with labels of the pod template';
  if (!requireField(spec, 'selector', remedy)) return undefined;
  const selector = spec.map('selector');
  if (selector === undefined) return undefined;
  const matchLabels = selector.strings('matchLabels');
  const matchExpressions = selector.maps('matchExpressions').flatMap(readExpression);
  reportUnknown(selector);
  const written = selector.list('matchExpressions').length + Object.keys(matchLabels).length;
  if (written > 0 || selector.unread().unread.length > 0) return { matchLabels, matchExpressions };
  return spec.invalid('selector', 'an empty selector would take every pod', { remedy });
}

function readExpression(fields: Fields): readonly Expression[] {
  const key = fields.string('key') ?? '';
  const operator = fields.oneOf('operator', operators);
  const values = fields.list('values');
  requireField(fields, 'key', 'name a label');
  requireField(fields, 'operator', `write one of: ${operators.join(', ')}`);
  reportUnknown(fields);
  return operator === undefined ? [] : [{ key, operator, values }];
}

/** The first thing that a selector wants and the labels do not have, such as `app=web`. */
export function firstMismatch(
  selector: Selector,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const label = Object.entries(selector.matchLabels).find(([key, value]) => labels[key] !== value);
  if (label !== undefined) return `${label[0]}=${label[1]}`;
  const expression = selector.matchExpressions.find((each) => !fits(each, labels));
  return expression && `${expression.key} ${expression.operator} ${expression.values.join(', ')}`.trim();
}

function fits({ key, operator, values }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key];
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
  }
}
