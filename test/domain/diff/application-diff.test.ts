import { keepSmall, type ObjectDiff } from '../../../src/domain/diff/application-diff';

const rest = { revision: 'a'.repeat(40), problems: [], rolling: [] };
const changed = (index: number, count: number, value = 'x'): ObjectDiff => ({
  object: `ConfigMap shop/${String(index).padStart(4, '0')}`,
  change: 'changed',
  fields: Array.from({ length: count }, (_, at) => ({
    field: `data.k${at}`,
    path: ['data', `k${at}`],
    live: value,
    git: 'y',
  })),
});

it('keeps what is small, in the order of kinds and names', () => {
  const diff = keepSmall({ ...rest, objects: [changed(2, 1), changed(1, 1)] });
  expect(diff).toEqual({ ...rest, objects: [changed(1, 1), changed(2, 1)] });
});

test.each([
  ['many objects', Array.from({ length: 3_000 }, (_, index) => changed(index, 1))],
  ['many fields', [changed(1, 5_000), changed(2, 5_000)]],
  ['texts of many bytes', Array.from({ length: 300 }, (_, index) => changed(index, 3, '漢'.repeat(300)))],
])('%s fit into a payload, and what is left out is counted', (_name, objects) => {
  const diff = keepSmall({ ...rest, objects });
  expect(Buffer.byteLength(JSON.stringify(diff))).toBeLessThan(64 * 1024);
  expect(diff.objects.length + (diff.moreObjects ?? 0)).toBe(objects.length);
  const [first] = diff.objects;
  expect((first?.fields.length ?? 0) + (first?.moreFields ?? 0)).toBe(objects[0]?.fields.length);
});
