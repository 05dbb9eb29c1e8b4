import { packCounts, packNumbers, unpackCounts, unpackNumbers } from '../../../src/domain/sequential/pack';

test('numbers come back to a hundred-thousandth, five characters each', () => {
  const numbers = Float64Array.from([0, -0.693147, 19.118235, -4999.99999, 5000, 1e-6]);
  const packed = packNumbers(numbers);
  expect(packed).toHaveLength(5 * numbers.length);
  for (const [index, number] of unpackNumbers(packed).entries())
    expect(number).toBeCloseTo(numbers[index] ?? 0, 5);
});

test.each([
  ['beyond what fits', [1e9, -1e9, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 5368],
  ['no number', [Number.NaN], 0],
])('%s is packed as the nearest that fits', (_name, numbers, size) => {
  for (const number of unpackNumbers(packNumbers(Float64Array.from(numbers)))) {
    expect(Math.floor(Math.abs(number))).toBe(size);
  }
});

test('counts come back exactly', () => {
  const counts = [0, 1, 31, 32, 33, 1023, 1024, 4_294_967_296, Number.MAX_SAFE_INTEGER];
  expect(unpackCounts(packCounts(counts))).toEqual(counts);
  expect(packCounts([5])).toHaveLength(1);
});

test('foreign characters read as zero, not as NaN', () => {
  expect([...unpackNumbers('?!??!')]).toEqual([-(2 ** 29) / 1e5]);
  expect(unpackCounts('?')).toEqual([0]);
});
