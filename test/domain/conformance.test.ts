import { conformanceTables, report } from '../../tools/conformance/tables';

/** The tables and how many rows each has: none may lose one unseen. */
const sizes: Readonly<Record<string, number>> = {
  'replica counts of a canary': 40,
  'nearest split of pods': 57,
  'replica counts by traffic weight': 8,
  'replica counts with dynamicStableScale': 2,
  defaults: 31,
  'conditions of a metric': 22,
  'limits of a metric': 39,
  'runs of several metrics': 9,
  'runs that end early': 6,
  health: 50,
  'order of a sync': 41,
  'hooks of a sync': 32,
  'selective sync': 14,
  'order of pruning': 12,
  'what pruning and deleting leave': 20,
  'revisions that a webhook changes': 51,
  'repositories of webhooks': 23,
  'files of webhooks': 6,
  'malformed webhooks': 27,
};

const tables = conformanceTables();
const table = (name: string) => tables.find((each) => each.name === name);

describe.each(Object.entries(sizes))('%s', (name, size) => {
  test(`has ${size} rows`, () => {
    expect(table(name)?.rows).toHaveLength(size);
  });

  test.each(table(name)?.rows ?? [])('$name', ({ check }) => {
    expect(check()).toBeUndefined();
  });
});

describe('npm run conformance', () => {
  const { lines, isFull } = report(tables);

  test('has every row of every table right', () => {
    expect(lines.filter((line) => /^ {2}.*(expected|found) /.test(line))).toEqual([]);
    expect(isFull).toBe(true);
  });

  test('prints one line for each table, its counts full', () => {
    const counts = lines
      .slice(0, tables.length)
      .map((line) => /^(.*?) +(\d+)\/(\d+)(?: \(|$)/.exec(line)?.slice(1));
    expect(counts.map((each) => each?.[0])).toEqual(tables.map(({ name }) => name));
    for (const [, passed, total] of counts as readonly string[][]) expect(passed).toBe(total);
    expect(Object.keys(sizes)).toEqual(
      expect.arrayContaining(tables.map(({ name }) => name).filter((name) => !/expr|catalogue/.test(name))),
    );
    expect(table('expr-lang expressions')?.rows.length).toBeGreaterThan(1000);
    expect(table('validation catalogue')?.rows.length).toBeGreaterThanOrEqual(60);
  });

  test('names what differs on purpose', () => {
    expect(lines).toContainEqual(expect.stringMatching(/^defaults +28\/28 \(3 more differ on purpose\)$/));
    expect(lines.join('\n')).toMatch(/on purpose, [\s\S]*progressDeadlineAbort/);
  });

  test('fails, and shows the row, when one is not as expected', () => {
    const wrong = { name: 'half', check: () => 'expected 1, got 2' };
    const right = { name: 'whole', check: () => undefined };
    const own = { ...wrong, name: 'own', differs: 'it is 1 here' };
    expect(report([{ name: 'pods', rows: [right, wrong, own] }])).toEqual({
      lines: [
        'pods  1/2 (1 more differ on purpose)',
        '',
        'Different from Argo on purpose, and checked as Belay has it:',
        '  own: it is 1 here',
        '',
        'Not as expected:',
        '  pods: half: expected 1, got 2',
        '  pods: own: expected 1, got 2',
      ],
      isFull: false,
    });
  });
});
