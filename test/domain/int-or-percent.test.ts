import { readIntOrPercent, resolveFenceposts, resolveIntOrPercent } from '../../src/domain/int-or-percent';
import type { Fenceposts } from '../../src/domain/int-or-percent';
import type { IntOrPercent } from '../../src/domain/strategy';

describe('readIntOrPercent', () => {
  test.each([
    [0, 0],
    [3, 3],
    ['25%', '25%'],
    ['0%', '0%'],
    ['200%', '200%'],
    ['025%', '25%'],
  ])('reads %p as %p', (written, value) => {
    expect(readIntOrPercent(written, 'spec.maxSurge')).toEqual({ ok: true, value });
  });

  test('reads a quoted number as a percentage, as Argo Rollouts does', () => {
    expect(readIntOrPercent('25', 'spec.maxSurge')).toEqual({ ok: true, value: '25%' });
  });

  test.each([[-1], [1.5], ['-5%'], ['1.5%'], ['25 %'], [''], ['many'], [true], [null], [undefined], [{}]])(
    'refuses %p',
    (written) => {
      expect(readIntOrPercent(written, 'spec.maxSurge').ok).toBe(false);
    },
  );

  test('says which field, which value and what to write', () => {
    expect(readIntOrPercent('a lot', 'spec.strategy.canary.maxSurge')).toEqual({
      ok: false,
      problems: [
        {
          code: 'InvalidSpec',
          message: 'a lot is neither a whole number of pods nor a percentage',
          field: 'spec.strategy.canary.maxSurge',
          value: 'a lot',
          remedy: 'write a number such as 1 or a percentage such as "25%", not below 0',
        },
      ],
    });
  });
});

describe('resolveIntOrPercent', () => {
  test.each([
    [3, 10, 'up', 3],
    ['25%', 10, 'up', 3],
    ['25%', 10, 'down', 2],
    ['25%', 0, 'up', 0],
    ['100%', 7, 'down', 7],
    ['1%', 1, 'up', 1],
  ] as const)('makes %p of %p pods, rounded %s, %p', (value, replicas, rounding, pods) => {
    expect(resolveIntOrPercent(value, replicas, rounding)).toBe(pods);
  });
});

describe('resolveFenceposts', () => {
  test.each<readonly [string, number, IntOrPercent, IntOrPercent, Fenceposts]>([
    ['rounds surge up and unavailable down', 10, '25%', '25%', { surge: 3, unavailable: 2 }],
    ['lets one pod be missing when both come to 0', 10, '0%', '0%', { surge: 0, unavailable: 1 }],
    [
      'lets one pod be missing when unavailable rounds to 0 and surge is 0',
      2,
      0,
      '1%',
      { surge: 0, unavailable: 1 },
    ],
    ['leaves unavailable at 0 when there is a surge', 2, '1%', '25%', { surge: 1, unavailable: 0 }],
    ['never lets more pods be missing than there are', 4, 1, 20, { surge: 1, unavailable: 4 }],
    ['lets nothing be missing of nothing', 0, '25%', '25%', { surge: 0, unavailable: 0 }],
  ])('%s', (_name, replicas, ...[maxSurge, maxUnavailable, expected]) => {
    expect(resolveFenceposts({ replicas, maxSurge, maxUnavailable })).toEqual(expected);
  });
});
