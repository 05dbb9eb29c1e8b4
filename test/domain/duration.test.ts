import { formatMillis, readDuration } from '../../src/domain/duration';

describe('readDuration', () => {
  test.each([
    [0, 0],
    [10, 10_000],
    ['10', 10_000],
    ['+10', 10_000],
    ['0', 0],
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1h30m5s', 5_405_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['2.s', 2_000],
    ['300ms', 300],
    ['1500us', 2],
    ['1000000ns', 1],
    ['2000µs', 2],
    ['30m1h', 5_400_000],
  ])('reads %p as %p ms', (written, millis) => {
    expect(readDuration(written, 'duration')).toEqual({ ok: true, value: millis });
  });

  const bad = [
    -1,
    1.5,
    '-5s',
    '',
    'soon',
    '5 m',
    '5x',
    '1d',
    '1h30',
    's',
    '.s',
    '1h-5m',
    '9999999h',
    true,
    null,
    undefined,
    {},
  ];
  test.each(bad.map((written) => [written]))('refuses %p', (written) => {
    expect(readDuration(written, 'duration').ok).toBe(false);
  });

  test('says which field, which value and what to write', () => {
    expect(readDuration('1d', 'spec.strategy.canary.steps[1].pause.duration')).toEqual({
      ok: false,
      problems: [
        {
          code: 'InvalidSpec',
          message: '1d is not a duration',
          field: 'spec.strategy.canary.steps[1].pause.duration',
          value: '1d',
          remedy: 'write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
        },
      ],
    });
  });
});

describe('formatMillis', () => {
  test.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [850, '850 ms'],
    [999.6, '1 s'],
    [1_000, '1 s'],
    [4_200, '4.2 s'],
    [4_249, '4.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [60_000, '1 min'],
    [190_000, '3 min 10 s'],
    [3_599_600, '1 h'],
    [5_400_000, '1 h 30 min'],
    [86_399_000, '1 d'],
    [183_600_000, '2 d 3 h'],
  ])('shows %p ms as %s', (millis, text) => {
    expect(formatMillis(millis)).toBe(text);
  });
});
