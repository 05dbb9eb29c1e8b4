import { evaluate, evaluateCondition, evaluateTime, Instant, syntaxError } from '../../../src/domain/expr';

const failure = (message: string): unknown => ({ ok: false, message: expect.stringContaining(message) });

describe('an expression that asks for too much', () => {
  test.each([
    ['deep brackets', '('.repeat(4000) + '1' + ')'.repeat(4000), 'nested too deeply'],
    ['many negations', '!'.repeat(4000) + 'true', 'nested too deeply'],
    ['many members', 'a' + '.b'.repeat(4000), 'nested too deeply'],
    ['a long source', 'true || '.repeat(2000) + 'true', 'longer than 10000 characters'],
    ['comparisons within comparisons', '1 < ('.repeat(40) + '2' + ' < 3)'.repeat(40) + ' < 4', '10000 nodes'],
    ['a large range', 'map(1..1000000, # + 1)', 'memory budget exceeded'],
    ['a loop in a loop', 'map(1..1000, sum(map(1..1000, # * 2)))', 'steps'],
    ['doubling of a text', 'reduce(1..60, #acc + #acc, "a")', 'text of more than'],
    ['doubling of an array', 'reduce(1..60, concat(#acc, #acc), [1])', 'memory budget exceeded'],
    ['doubling of what is printed', 'string(reduce(1..60, [#acc, #acc], [1]))', 'text of more than|steps'],
    [
      'doubling of what is compared',
      'reduce(1..60, [#acc, #acc], [1]) == reduce(1..60, [#acc, #acc], [1])',
      'steps',
    ],
    ['a nest of arrays', 'string(reduce(1..50000, [#acc], [1]))', 'nested too deeply|steps'],
    ['a large pattern', `"a" matches "${'a{1000}'.repeat(25)}"`, 'too large'],
  ])('ends soon with a message: %s', (_, source, message) => {
    const start = performance.now();
    const result = evaluate(source, { a: {} });
    // About 100 ms on an idle machine.
    expect(performance.now() - start).toBeLessThan(1500);
    expect(result).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  it('matches patterns in time linear in the text', () => {
    const start = performance.now();
    expect(evaluate('text matches "^(a+)+$"', { text: `${'a'.repeat(3000)}b` })).toEqual({
      ok: true,
      value: false,
    });
    expect(evaluate('text matches "(a|aa|a?)+b"', { text: 'a'.repeat(3000) })).toEqual({
      ok: true,
      value: false,
    });
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('evaluate', () => {
  it('reads own properties only', () => {
    expect(evaluate('m.constructor == nil && m.__proto__ == nil', { m: {} })).toEqual({
      ok: true,
      value: true,
    });
    expect(evaluate('constructor', {})).toEqual(failure('unknown name constructor'));
    expect(evaluate('toString()', {})).toEqual(failure('unknown name toString'));
    expect(evaluate('{__proto__: 1}.__proto__', {})).toEqual({ ok: true, value: 1n });
  });

  it('says where an expression goes wrong', () => {
    expect(evaluate('1 + + "a"', {})).toEqual({
      ok: false,
      message: '+ does not apply to string (column 5)',
    });
    expect(evaluate('a[3]', { a: [1] })).toEqual({
      ok: false,
      message: 'index 3 is out of range of an array of 1 (column 2)',
    });
  });

  it('lets a name of the environment hide a builtin, which :: still reaches', () => {
    expect(evaluate('len + ::len([1])', { len: 2n })).toEqual({ ok: true, value: 3n });
    expect(evaluate('len([1])', { len: 2n })).toEqual(failure('cannot call int'));
  });

  it('leaves the environment as it was', () => {
    const list = [3, 1, 2];
    evaluate('sort(list) == reverse(list) || sortBy(list, -#) == [] || groupBy(list, #) == nil', { list });
    expect(list).toEqual([3, 1, 2]);
  });
});

describe('evaluateCondition', () => {
  it('needs a bool', () => {
    expect(evaluateCondition('result', 1)).toEqual({ ok: false, message: 'expected a bool, got float' });
  });

  it('does not give different answers at different times', () => {
    expect(evaluateCondition('now() > date("2020-01-01")', 1)).toEqual(failure('now() is not available'));
  });

  it('knows the elements of a list of floats before there are any', () => {
    const condition = 'len(result) > 0 && result[0].name == "a"';
    expect(evaluateCondition(condition, new Float64Array())).toEqual(failure('float has no member name'));
    expect(evaluateCondition(condition, [])).toEqual({ ok: true, value: false });
  });
});

describe('evaluateTime', () => {
  const now = Date.UTC(2026, 0, 1);

  test.each([
    ['now()', now],
    ['now() - duration("5m")', now - 300_000],
    ['now() - 2 * duration("1h30m")', now - 10_800_000],
    ['date("2023-01-01")', Date.UTC(2023, 0, 1)],
    ['date("1969-12-31T23:59:59.5Z")', -500],
  ])('gives %s in milliseconds', (source, value) => {
    expect(evaluateTime(source, now)).toEqual({ ok: true, value });
  });

  test.each([
    ['duration("5m")', 'expected a time, got time.Duration'],
    ['now() - 5', '- does not apply to time and int'],
    ['now("UTC")', 'now: takes not 1 arguments'],
    ['date("2023-01-01", "2006-01-02")', 'not supported'],
    ['now().Unix()', 'time has no member Unix'],
    ['result', 'unknown name result'],
  ])('refuses %s', (source, message) => {
    expect(evaluateTime(source, now)).toEqual(failure(message));
  });

  it('gives times before 1970 to the nanosecond', () => {
    expect(evaluate('date("1969-12-31T23:59:59.5Z")', {})).toEqual({
      ok: true,
      value: new Instant(-500_000_000n),
    });
  });
});

describe('syntaxError', () => {
  test.each([
    ['result >', 'unexpected end of expression (column 9)'],
    ['result > 1 )', 'unexpected ) (column 12)'],
    ['"open', 'string is not terminated (column 1)'],
    ['result @ 1', 'unrecognized character "@" (column 8)'],
    ['', 'unexpected end of expression (column 1)'],
  ])('finds what is wrong with %s', (source, message) => {
    expect(syntaxError(source)).toBe(message);
  });

  it('asks nothing of names and types', () => {
    expect(syntaxError('anything.at("all") + nil && all(x, # > 1)')).toBeUndefined();
  });
});
