import { fewNames, fewProblems } from '../../src/domain/few';
import type { Problem } from '../../src/domain/problem';

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `ConfigMap shop/settings-of-a-service-${index}`);

test('few names stay as they are', () => {
  expect(fewNames(names(50))).toEqual(names(50));
});

test('of many names the first are left, and how many more there are', () => {
  const few = fewNames(names(5_000));
  expect(few).toHaveLength(50);
  expect(few[48]).toBe('ConfigMap shop/settings-of-a-service-48');
  expect(few[49]).toBe('… and 4951 more');
});

const problem: Problem = { code: 'Invalid', message: 'a value', object: 'Service shop/web' };

test('few problems stay as they are', () => {
  expect(fewProblems([problem, problem])).toEqual([problem, problem]);
  expect(fewProblems([])).toEqual([]);
});

test('of many long problems a payload holds the first, cut, and how many more there are', () => {
  const long = { ...problem, message: 'é'.repeat(50_000), value: 'x'.repeat(50_000), remedy: 'mend it' };
  const few = fewProblems(Array.from({ length: 200 }, () => long));
  expect(few).toHaveLength(50);
  expect(few[0]?.message).toHaveLength(600);
  expect(few[0]?.message.endsWith('…')).toBe(true);
  expect(few[0]?.remedy).toBe('mend it');
  expect(few[49]).toEqual({
    code: 'Invalid',
    message: '… and 151 more problems',
    remedy: 'mend these first, and look again',
  });
  expect(Buffer.byteLength(JSON.stringify(few))).toBeLessThan(128 * 1024);
});
