import { Fields } from '../../src/domain/fields';
import { fieldName, inReadingOrder, locate, problemAt, readOf } from '../../src/domain/located';
import { describeProblem, type Problem } from '../../src/domain/problem';
import { ignore, refuse, reportUnknown } from '../../src/domain/read-refusals';
import { requireField } from '../../src/domain/read-with';

const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'it', namespace: 'shop' } };

/** Readers of `values` and the texts of what they report. */
function fieldsOf(values: Readonly<Record<string, unknown>>) {
  const problems: Problem[] = [];
  const fields = new Fields({ located: locate(object, 'it.yaml', 7), problems }, ['spec'], values);
  return { fields, told: () => problems.map(describeProblem) };
}

describe('a field of the right kind', () => {
  const { fields, told } = fieldsOf({
    a: 'x',
    b: 5,
    c: false,
    d: { e: 'f' },
    g: [1],
    h: null,
    i: [{ j: 1 }],
  });

  test.each([
    ['a text', () => fields.string('a'), 'x'],
    ['a number', () => fields.int('b'), 5],
    ['a boolean', () => fields.boolean('c'), false],
    ['one of several words', () => fields.oneOf('a', ['x', 'y']), 'x'],
    ['a map', () => fields.map('d')?.string('e'), 'f'],
    ['a map of texts', () => fields.strings('d'), { e: 'f' }],
    ['a list', () => fields.list('g'), [1]],
    ['a list of maps', () => fields.maps('i').map((item) => item.int('j')), [1]],
    ['an absent text', () => fields.string('z'), undefined],
    ['an absent number', () => fields.int('z'), undefined],
    ['an absent boolean', () => fields.boolean('z'), undefined],
    ['an absent word', () => fields.oneOf('z', ['x']), undefined],
    ['an absent map', () => fields.map('z'), undefined],
    ['absent texts', () => fields.strings('z'), {}],
    ['an absent list', () => fields.list('z'), []],
    ['null, which is absent', () => fields.string('h'), undefined],
    ['a name that every object has', () => fields.string('toString'), undefined],
  ])('is read: %s', (_name, read, expected) => {
    expect(read()).toEqual(expected);
    expect(told()).toEqual([]);
  });
});

describe('a field of another kind', () => {
  test.each([
    ['text', (f: Fields) => f.string('x'), 5, 'must be a text, not the number 5; write it in quotes: "5"'],
    ['text', (f: Fields) => f.string('x'), ['a'], 'must be a text, not a list; write a text'],
    [
      'number',
      (f: Fields) => f.int('x'),
      '5',
      'must be a whole number, not a text; write a whole number without quotes',
    ],
    [
      'number',
      (f: Fields) => f.int('x'),
      1.5,
      'must be a whole number, not the number 1.5; write a whole number without quotes',
    ],
    ['number', (f: Fields) => f.int('x', { max: 4 }), 5, '5 is above 4; use 4 or less'],
    ['number', (f: Fields) => f.int('x', { min: 6 }), 5, '5 is below 6; use 6 or more'],
    [
      'number',
      (f: Fields) => f.int('x'),
      3_000_000_000,
      '3000000000 is above 2147483647; use 2147483647 or less',
    ],
    [
      'boolean',
      (f: Fields) => f.boolean('x'),
      'yes',
      'must be true or false, not a text; write true or false without quotes',
    ],
    [
      'word',
      (f: Fields) => f.oneOf('x', ['left', 'right']),
      'rigth',
      '"rigth" is none of left, right; did you mean "right"?',
    ],
    [
      'word',
      (f: Fields) => f.oneOf('x', ['left', 'right']),
      'up',
      '"up" is none of left, right; use one of: left, right',
    ],
    [
      'map',
      (f: Fields) => f.map('x'),
      ['a'],
      'must be a map of fields, not a list; write its fields below it',
    ],
    [
      'list',
      (f: Fields) => f.list('x'),
      { a: 1 },
      'must be a list, not a map of fields; write its items below it',
    ],
  ])('is no %s', (_name, read, value, expected) => {
    const { fields, told } = fieldsOf({ x: value });
    read(fields);
    expect(told()).toEqual([`it.yaml:7: Thing shop/it: spec.x: ${expected}`]);
  });

  test('has its value among the facts, cut to eighty characters', () => {
    const problems: Problem[] = [];
    new Fields({ located: locate(object, 'it.yaml'), problems }, [], { x: 'y'.repeat(200) }).int('x');
    expect(problems[0]?.value).toBe(`${'y'.repeat(79)}…`);
  });

  test('is named inside lists and maps', () => {
    const { fields, told } = fieldsOf({ items: [{ 'a.b/c': 1 }, 'x'], labels: { ok: 'yes', bad: 5 } });
    for (const item of fields.maps('items')) item.string('a.b/c');
    expect(fields.strings('labels')).toEqual({ ok: 'yes' });
    expect(told()).toEqual([
      'it.yaml:7: Thing shop/it: spec.items[1]: must be a map of fields, not a text; write its fields below it',
      'it.yaml:7: Thing shop/it: spec.items[0]["a.b/c"]: must be a text, not the number 1; write it in quotes: "1"',
      'it.yaml:7: Thing shop/it: spec.labels.bad: must be a text, not the number 5; write it in quotes: "5"',
    ]);
  });
});

describe('fields that nobody reads', () => {
  test('are unknown, with the one that was meant', () => {
    const { fields, told } = fieldsOf({ replica: 1, speed: 2, info: 3 });
    fields.int('replicas');
    ignore(fields, 'info');
    reportUnknown(fields);
    expect(told()).toEqual([
      'it.yaml:7: Thing shop/it: spec.replica: unknown field; did you mean "replicas"?',
      'it.yaml:7: Thing shop/it: spec.speed: unknown field; remove it',
    ]);
  });

  test('are refused when they are known and ask for something', () => {
    const refusals = {
      a: ['A is', 'remove it'],
      b: ['B is', 'remove it'],
      c: ['C is', 'remove it'],
    } as const;
    const { fields, told } = fieldsOf({ a: 0, b: {}, c: false });
    refuse(fields, refusals);
    reportUnknown(fields);
    expect(told()).toEqual([
      'it.yaml:7: Thing shop/it: spec.a: A is not supported yet; remove it',
      'it.yaml:7: Thing shop/it: spec.b: B is not supported yet; remove it',
    ]);
  });

  test('are no refusal when an empty map asks for nothing', () => {
    const { fields, told } = fieldsOf({ b: {}, c: { d: 1 } });
    refuse(fields, { b: ['B is', 'remove it'], c: ['C is', 'remove it'] }, { emptyMap: false });
    expect(told()).toEqual(['it.yaml:7: Thing shop/it: spec.c: C is not supported yet; remove it']);
  });
});

test('a field that must be there is missing when it is absent, null or an empty text', () => {
  const { fields, told } = fieldsOf({ a: null, b: '', c: 0 });
  expect(['a', 'b', 'c', 'd'].map((key) => requireField(fields, key, 'write it'))).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(told()).toEqual([
    'it.yaml:7: Thing shop/it: spec.a: is missing; write it',
    'it.yaml:7: Thing shop/it: spec.b: is missing; write it',
    'it.yaml:7: Thing shop/it: spec.d: is missing; write it',
  ]);
});

test.each([
  [[], ''],
  [['spec', 'steps', 2, 'setWeight'], 'spec.steps[2].setWeight'],
  [['metadata', 'annotations', 'belay.dev/write-back'], 'metadata.annotations["belay.dev/write-back"]'],
])('the path %j is written %s', (path, expected) => {
  expect(fieldName(path)).toBe(expected);
});

describe('problems together', () => {
  const at = (file: string, line: number, message = 'x'): Problem => ({
    code: 'InvalidSpec',
    message,
    file,
    line,
  });

  test('are in the order of files and lines', () => {
    expect(inReadingOrder([at('b', 1), at('a', 9), at('a', 2)])).toEqual([
      at('a', 2),
      at('a', 9),
      at('b', 1),
    ]);
  });

  test('are said once', () => {
    expect(readOf('value', [at('a', 1), at('a', 1)])).toEqual({ ok: false, problems: [at('a', 1)] });
  });

  test('are counted beyond the hundredth', () => {
    const read = readOf(
      'value',
      Array.from({ length: 130 }, (_, line) => at('a', line)),
    );
    expect(read.ok ? [] : read.problems.slice(99)).toEqual([
      at('a', 99),
      { code: 'InvalidSpec', message: 'and 30 more problems' },
    ]);
  });

  test('leave the value alone when there are none', () => {
    expect(readOf('value', [])).toEqual({ ok: true, value: 'value' });
  });

  test('name the object, its file and the line of the field', () => {
    const located = { ...locate(object, 'it.yaml'), lineOf: (path: readonly unknown[]) => 10 + path.length };
    const problem = problemAt(located, {
      code: 'Unsupported',
      path: ['spec', 'x'],
      message: 'no',
      value: { a: 1 },
    });
    expect(problem).toEqual({
      code: 'Unsupported',
      message: 'no',
      file: 'it.yaml',
      line: 12,
      object: 'Thing shop/it',
      field: 'spec.x',
      value: '{"a":1}',
    });
  });
});
