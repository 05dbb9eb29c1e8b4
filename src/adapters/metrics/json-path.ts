import { isMap } from '../../domain/read-json';
import { wrong } from './failure';
import type { Comparison, Operand, Step } from './json-path-parse';

type Values = readonly unknown[];

/**
 * The first value that a path finds, as Argo's web provider takes it. A field that is nowhere and an index beyond the end are wrong,
 * as in Kubernetes' JSONPath without `AllowMissingKeys`.
 */
export function firstAt(steps: readonly Step[], root: unknown): unknown {
  const found = steps.reduce<Values>((values, step) => apply(step, values), [root]);
  if (found.length === 0) throw wrong('jsonPath finds nothing in the answer');
  return found[0];
}

function apply(step: Step, values: Values): Values {
  switch (step.kind) {
    case 'field':
      return fieldsOf(step.name, values);
    case 'all':
      return values.flatMap(items);
    case 'descend':
      return values.flatMap(descendants);
    case 'union':
      return step.steps.flatMap((each) => apply(each, values));
    case 'index':
      return values.map((value) => at(listOf(value), step.index));
    case 'slice':
      return values.flatMap((value) =>
        listOf(value)
          .slice(step.start ?? 0, step.end)
          .filter((_, index) => index % step.step === 0),
      );
    case 'filter':
      return values.flatMap(items).filter((value) => holds(step.left, step.compare, value));
  }
}

function fieldsOf(name: string, values: Values): Values {
  const found = values.flatMap((value) => (isMap(value) && Object.hasOwn(value, name) ? [value[name]] : []));
  if (found.length === 0) throw wrong(`jsonPath: ${name.slice(0, 80)} is not in the answer`);
  return found;
}

function items(value: unknown): Values {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

/** The value and all below it, each before what it holds; with a list of its own instead of recursion, however deep an answer is. */
function descendants(value: unknown): Values {
  const found: unknown[] = [];
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    found.push(next);
    for (const item of [...items(next)].reverse()) open.push(item);
  }
  return found;
}

function listOf(value: unknown): Values {
  if (Array.isArray(value)) return value;
  throw wrong('jsonPath: there is no list in the answer where an index stands');
}

function at(list: Values, index: number): unknown {
  const place = index < 0 ? index + list.length : index;
  if (place >= 0 && place < list.length) return list[place];
  throw wrong(`jsonPath: index ${index} is beyond the ${list.length} items in the answer`);
}

function holds(left: Operand, compare: Comparison | undefined, value: unknown): boolean {
  const [first, ...more] = operandOf(left, value);
  if (first === undefined) return false;
  if (compare === undefined) return true;
  const [second] = operandOf(compare.right, value);
  if (more.length > 0) throw wrong('jsonPath: a filter compares one value at a time');
  if (typeof first !== typeof second) return compare.operator === '!=' && second !== undefined;
  return compared(first as string | number, second as string | number, compare.operator);
}

function compared(
  first: string | number,
  second: string | number,
  operator: Comparison['operator'],
): boolean {
  switch (operator) {
    case '==':
      return first === second;
    case '!=':
      return first !== second;
    case '<':
      return first < second;
    case '<=':
      return first <= second;
    case '>':
      return first > second;
    case '>=':
      return first >= second;
  }
}

/** What an operand is for one item; nothing where the item lacks it. */
function operandOf(operand: Operand, value: unknown): Values {
  if ('literal' in operand) return [operand.literal];
  return operand.path.reduce<Values>(
    (values, step) =>
      step.kind === 'field'
        ? values.flatMap((each) => (isMap(each) && Object.hasOwn(each, step.name) ? [each[step.name]] : []))
        : apply(step, values),
    [value],
  );
}
