import { mergePatch } from '../../src/domain/merge-patch';

type JsonMap = Readonly<Record<string, unknown>>;

/** RFC 7386, as the API server applies it. */
function apply(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = apply(result[key], value);
  }
  return result;
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const rows: readonly (readonly [string, JsonMap, JsonMap, JsonMap | undefined])[] = [
  ['nothing differs', { a: 1, b: { c: [1, { d: 2 }] } }, { b: { c: [1, { d: 2 }] }, a: 1 }, undefined],
  ['a field comes', {}, { a: 1 }, { a: 1 }],
  ['a field changes', { a: 1 }, { a: 2 }, { a: 2 }],
  ['a field goes', { a: 1, b: 2 }, { b: 2 }, { a: null }],
  ['a field that is undefined goes', { a: 1 }, { a: undefined }, { a: null }],
  ['a field that is undefined on both sides', { a: undefined }, {}, undefined],
  ['maps go field by field', { a: { b: 1, c: 2, d: 3 } }, { a: { b: 1, c: 4 } }, { a: { c: 4, d: null } }],
  ['lists are replaced as a whole', { a: [1, 2, 3] }, { a: [1, 3] }, { a: [1, 3] }],
  ['the order of a list counts', { a: [1, 2] }, { a: [2, 1] }, { a: [2, 1] }],
  ['maps in lists are compared deeply', { a: [{ b: 1 }] }, { a: [{ b: 1, c: undefined }] }, undefined],
  ['a list becomes a map', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['a map becomes a scalar', { a: { b: 1 } }, { a: 1 }, { a: 1 }],
  ['an empty map comes', {}, { a: {} }, { a: {} }],
  ['a map is emptied', { a: { b: 1 } }, { a: {} }, { a: { b: null } }],
  [
    'falsy values are values',
    { a: true, b: 1, c: 'x' },
    { a: false, b: 0, c: '' },
    { a: false, b: 0, c: '' },
  ],
  ['null cannot be stored: it counts as absent', {}, { a: null, b: { c: null } }, { b: {} }],
  ['null in place of a value takes it away', { a: 1 }, { a: null }, { a: null }],
];

describe('a merge patch', () => {
  it.each(rows)('%s', (_name, from, to, expected) => {
    expect(mergePatch(from, to)).toEqual(expected);
  });

  it.each(rows)('applied, leaves nothing to do: %s', (_name, from, to) => {
    const patched = apply(from, mergePatch(from, to) ?? {}) as JsonMap;
    expect(mergePatch(patched, to)).toBeUndefined();
  });

  it('leads from any value to any other', () => {
    const values = rows.flatMap(([, from, to]) => [from, to]);
    for (const from of values)
      for (const to of values) {
        const patched = apply(from, mergePatch(from, to) ?? {}) as JsonMap;
        expect(mergePatch(patched, to)).toBeUndefined();
      }
  });
});
