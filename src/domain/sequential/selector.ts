import { compilePattern, matchPattern } from '../expr/regex';
import { unescaped } from './exposition';

/** Which samples of a pod are meant: a name, and matchers of labels. */
interface Selector {
  readonly name: string;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
}

const head = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{([\s\S]*)\})?\s*$/;
const matcher =
  /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,|$)/;
const longestPattern = 200;

type Test = (value: string) => boolean;

/** Reads `name{label="value", other=~"a.*"}` as PromQL does; undefined for every other expression. */
export function parseSelector(text: string): Selector | undefined {
  const [, name, inner = ''] = head.exec(text) ?? [];
  if (name === undefined) return undefined;
  const tests: (readonly [string, Test])[] = [];
  let rest = inner;
  while (rest.trim() !== '') {
    const [whole, label, operator, quoted] = matcher.exec(rest) ?? [];
    if (whole === undefined || label === undefined || quoted === undefined) return undefined;
    const test = testOf(operator ?? '=', unescaped(quoted.slice(1, -1)));
    if (test === undefined) return undefined;
    tests.push([label, test]);
    rest = rest.slice(whole.length);
  }
  // A label that is absent is an empty one.
  return { name, matches: (labels) => tests.every(([label, test]) => test(labels[label] ?? '')) };
}

function testOf(operator: string, wanted: string): Test | undefined {
  if (operator === '=') return (value) => value === wanted;
  if (operator === '!=') return (value) => value !== wanted;
  if (wanted.length > longestPattern) return undefined;
  try {
    // Prometheus' patterns match the whole value; their time is linear in it.
    const pattern = compilePattern(`^(?:${wanted})$`);
    const fits: Test = (value) => matchPattern(pattern, value, () => undefined);
    return operator === '=~' ? fits : (value) => !fits(value);
  } catch {
    return undefined;
  }
}
