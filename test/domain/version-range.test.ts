import { parseVersion } from '../../src/domain/version';
import { highestInRange, inRange, parseRange } from '../../src/domain/version-range';

/** Expected results of Masterminds/semver (see NOTICE): for each range, versions in it and versions outside. */
const rows: readonly (readonly [range: string, inside: string, outside: string])[] = [
  ['=2.0.0', '2.0.0', '1.2.3'],
  ['=2.0', '2.0.0 2.0.1', '1.2.3'],
  ['4.1', '4.1.0', '4.2.0'],
  ['!=4.1.0', '4.1.1', '4.1.0'],
  ['!=4.1', '5.1.0', '4.1.0 4.1.1 5.1.0-alpha.1'],
  ['!=4.1-alpha', '4.1.0', '4.1.0-alpha 4.1.1-alpha'],
  ['!=4.x', '5.1.0', '4.1.0'],
  ['!=4.2.x', '4.1.0', '4.2.3'],
  ['<11', '0.1.0', '11.1.0'],
  ['<1.1', '0.1.0', '1.1.0 1.1.1'],
  ['<1.x', '0.1.1', '1.1.1 2.0.0'],
  ['<1.1.x', '1.0.500', '1.2.1 1.1.500'],
  ['<0-z', '0.0.0-alpha', '0.0.1'],
  ['<=11', '1.2.3 11.2.3', '12.2.3'],
  ['<=1.1', '0.1.0 1.1.0 1.1.1', '1.2.3 0.1.0-alpha'],
  ['<=1.1-a', '0.1.0-alpha', '1.2.0'],
  ['>1.1', '4.1.0', '1.1.0 1.1.1'],
  ['>0', '1', '0 0.0.1-alpha 0.0.0-alpha'],
  ['>0-0', '1', '0.0.1-alpha 0.0.0-alpha'],
  ['>0.0.0-0', '0.0.0-alpha', '0.0.0-0'],
  ['>1.2.3-alpha.1', '1.2.3-alpha.2 1.3.3-alpha.2', '1.2.3-alpha.1'],
  ['>11', '12.0.0', '11.1.0'],
  ['>11.1', '11.2.1', '11.1.0 11.1.1'],
  ['>=11', '11.1.2', '10.9.9'],
  ['>=11.1', '11.1.2', '11.0.2'],
  ['>=0', '0 0.0.1', '0.0.1-alpha'],
  ['>=0-0', '0.0.1-alpha 0.0.0-alpha', ''],
  ['>=0.0.0-0', '1.2.3 3.4.5-beta.1', ''],
  ['*', '1 4.5.6', '1.2.3-alpha.1'],
  ['*-0', '1.2.3-alpha.1 1.2.3', ''],
  ['', '1 4.5.6', '1.2.3-alpha.1'],
  ['2.*', '2.1.1', '1 3.4.5'],
  ['2.1.*', '2.1.1', '2.2.1'],
  ['2', '2.1.1', '1 3.4.5'],
  ['0.x.x', '0.2.3', '1.2.3'],
  ['0.0.x', '0.0.7', '1.2.3'],
  ['1.x', '1.4', '2.0'],
  ['~1.2.3', '1.2.4', '1.3.4 1.2.2'],
  ['~>1.2.3', '1.2.4', '1.3.4'],
  ['~1.2', '1.2.4', '1.3.4'],
  ['~1', '1.2.4 1.4', '2.3.4 1.3.5-beta'],
  ['~1.x', '1.3.5', '2.1.1'],
  ['~*', '2.1.1', ''],
  ['~0.0.0', '1.2.3', ''],
  ['~0.2.3', '0.2.5', '0.3.5'],
  ['~1.2.3-beta.2', '1.2.3-beta.4 1.2.4-beta.2', '1.3.4-beta.2'],
  ['~1.1-alpha', '1.1.1-beta', '1.2.0'],
  ['~1.1.1-beta', '1.1.1', '1.1.1-alpha'],
  ['^1.2.3', '1.8.9', '2.8.9 1.2.1'],
  ['^1.2.0', '1.2.0', '2.2.1 1.2.1-alpha.1'],
  ['^1.2.0-alpha.0', '1.2.1-alpha.1 1.2.1-alpha.0', ''],
  ['^1.2.0-alpha.2', '1.2.0', '1.2.0-alpha.1'],
  ['^1.2', '1.8.9', '2.8.9'],
  ['^1', '1.8.9', '2.8.9'],
  ['^0.2.3', '0.2.5', '0.5.6'],
  ['^0.2', '0.2.5', '0.5.6 0.1.1'],
  ['^0.0.3', '0.0.3', '0.0.4 0.0.2 0.1.1'],
  ['^0.0.0', '0.0.0', '1.2.3'],
  ['^0.0', '0.0.3', '0.1.4 1.0.4'],
  ['^0', '0.2.3', '1.1.4'],
  ['^0.2.3-beta.2', '0.2.3-beta.4 0.2.4-beta.2 0.2.3-beta.2', '0.3.4-beta.2'],
  ['>1.1, <2', '1.2.1', '1.1.1'],
  ['>1.1 <3', '2.0.0', '4.3.2'],
  ['>=1.1    <2    !=1.2.3', '1.2.4', '1.2.3'],
  ['>= 1.1, <2, != 1.2.3 || > 3', '4.1.2', '3.1.2 3.0.0 1.2.3'],
  ['>=1.1 <2 !=1.2.3 || >= 3', '3.0.0', '2.5.0'],
  ['1.1 - 2', '1.1.1 2.9.9', '3.0.0'],
  ['1.5.0 - 4.5', '3.7.0', '4.6.0'],
  ['2 - 3, 2 - 3', '2.5.0', '4.0.0'],
  ['1.1-3', '1.1.4', '4.3.2'],
  ['v1.2', 'v1.2.9 1.2.0', 'v1.3.0'],
  ['=> 1.2, =< 1.4.0', '1.4.0', '1.4.1'],
  // Since 3.4 a pre-release anywhere among comparisons that must all hold opens all of them.
  ['>=1.0.0-0 <2', '1.5.0-rc.1', '2.0.0'],
  ['>=1.0.0-0 <2 || 3.x', '3.1.0', '3.1.0-rc.1'],
];

test.each(rows)('%j holds %s and not %s', (text, inside, outside) => {
  const range = parseRange(text) ?? [];
  const holds = (version: string) => inRange(parseVersion(version) ?? fail(version), range);
  const versions = (list: string) => list.split(' ').filter((each) => each !== '');
  expect(versions(inside).filter((version) => !holds(version))).toEqual([]);
  expect(versions(outside).filter(holds)).toEqual([]);
});

function fail(version: string): never {
  throw new Error(`${version} is no version`);
}

test.each([
  'foo',
  '>= bar',
  'BAR >= 1.2.3',
  '12.3.4.1234',
  '12.3.34~ 1.2.3',
  'main',
  'release/1.x',
  '1.2.3 -',
  '>',
  '1..2',
  ' '.repeat(300) + '1'.repeat(300),
])('%j is no range', (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test.each([
  ['1.2.3', '1.2.3'],
  ['v1.2', '1.2.0'],
  ['1', '1.0.0'],
  ['1.2.3+build.7', '1.2.3'],
  ['2024.03-LTS-RC19', '2024.3.0-LTS-RC19'],
])('%s is the version %s', (text, same) => {
  const found = parseVersion(text);
  expect(
    found === undefined
      ? undefined
      : `${found.major}.${found.minor}.${found.patch}${found.pre && `-${found.pre}`}`,
  ).toBe(same);
});

test.each(['', 'latest', '1.2.3.4', 'v', '1.2.3-01', '-1.0.0', '1.2.3-', '1.2.3\n'])(
  '%j is no version',
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);

test('orders versions as semantic versioning does, and leaves out what is none', () => {
  // The chain of semver.org, precedence 11.
  const chain = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
  ];
  const range = parseRange('*-0') ?? [];
  chain.forEach((highest, index) => {
    const upTo = ['latest', ...chain.slice(0, index + 1)];
    expect(highestInRange(upTo, range)).toBe(highest);
    expect(highestInRange(upTo.reverse(), range)).toBe(highest);
  });
  expect(highestInRange(['10.0.0', '9.9.9', 'v9.10.0'], range)).toBe('10.0.0');
  expect(highestInRange(['1.0.0'], parseRange('2.x') ?? [])).toBeUndefined();
});
