import { sameJson } from '../../src/domain/read-json';

describe('two values are the same', () => {
  const same: readonly (readonly [string, unknown, unknown])[] = [
    ['scalars', 'a', 'a'],
    ['NaN', NaN, NaN],
    ['null', null, null],
    ['maps whatever the order of their fields', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['lists', [1, [2], { a: 3 }], [1, [2], { a: 3 }]],
    ['an undefined field and none', { a: undefined, b: 1 }, { b: 1 }],
    ['empty ones', {}, {}],
  ];
  it.each(same)('%s', (_name, a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([true, true]);
  });

  const different: readonly (readonly [string, unknown, unknown])[] = [
    ['types', 1, '1'],
    ['null and an empty map', null, {}],
    ['null and undefined', null, undefined],
    ['null and an absent field', { a: null }, {}],
    ['an empty list and an empty map', [], {}],
    ['a list and a map with its numbers', [1], { 0: 1 }],
    ['the order of a list', [1, 2], [2, 1]],
    ['one more field', { a: 1 }, { a: 1, b: 2 }],
    ['another field', { a: 1 }, { b: 1 }],
    ['deep down', { a: [{ b: { c: 1 } }] }, { a: [{ b: { c: 2 } }] }],
  ];
  it.each(different)('not: %s', (_name, a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([false, false]);
  });
});
