import { readIndex } from '../../../src/adapters/charts/index-file';
import { defaultLimits } from '../../../src/adapters/charts/limits';
import { chartArchive, indexOf, sha256 } from './chart-files';

const url = new URL('https://charts.example.com/index.yaml');
const read = (text: string, chart = 'shop') => readIndex(text, { chart, url, limits: defaultLimits });

const failure = (facts: object): Error => expect.objectContaining(facts) as Error;

const entry = {
  version: '1.2.3',
  digest: sha256(chartArchive('shop', '1.2.3')),
  urls: ['shop-1.2.3.tgz'],
};
const version = 'version: 1.2.3';
const rest = `digest: ${entry.digest}\n    urls:\n    - shop-1.2.3.tgz\n`;

test.each([
  ['as Helm writes it', indexOf('shop', ['1.2.3'])],
  ['with Windows line ends', indexOf('shop', ['1.2.3']).replaceAll('\n', '\r\n')],
  ['with the chart last', `entries:\n  shop:\n  - ${version}\n    ${rest}`],
  [
    'with deeper lists',
    `entries:\n    shop:\n      - ${version}\n        ${rest.replaceAll('\n    ', '\n        ')}`,
  ],
  ['with wide dashes', `entries:\n  shop:\n  -   ${version}\n      ${rest.replaceAll('\n    ', '\n      ')}`],
  ['with quotes', `entries:\n  "shop":\n  - 'version': "1.2.3"\n    ${rest}`],
  ['with comments', `# hi\nentries:\n# none\n  shop:\n# one\n  - ${version}\n\n    ${rest}`],
  [
    'with lists in brackets',
    `entries:\n  shop:\n  - {version: 1.2.3, digest: ${entry.digest}, urls: [shop-1.2.3.tgz]}\n`,
  ],
  ['in brackets', `{"entries":{"shop":[${JSON.stringify(entry)}]}}`],
  ['in one line', `entries: {shop: [{version: 1.2.3, digest: ${entry.digest}, urls: [shop-1.2.3.tgz]}]}`],
  ['with anchors', `entries:\n  shop:\n  - &first\n    ${version}\n    ${rest}`],
  ['with an extra item on its own line', `entries:\n  shop:\n  -\n    ${version}\n    ${rest}`],
  [
    'with versions that are none',
    `entries:\n  shop:\n  - version: soon\n  - ${version}\n    ${rest}  - urls: [x]\n  - text\n`,
  ],
])('reads an index %s', (_, text) => {
  expect(read(text)).toEqual([entry]);
});

test('does not take a number for a version: 1.10 is not 1.1', () => {
  expect(read('entries:\n  shop:\n  - version: 1.10\n')).toEqual([{ version: '1.10', digest: '', urls: [] }]);
});

test('finds only the chart itself, whatever other charts write', () => {
  const text = [
    'entries:',
    '  other:',
    '  - description: |',
    '      shop:',
    '      - version: 6.6.6',
    '    version: 1.0.0',
    '  shop.x:',
    '  - version: 7.7.7',
    '  shop:',
    '  - version: 1.2.3',
    '    keywords:',
    '    - version: 5.5.5',
    '    maintainers:',
    '      - version: 4.4.4',
    '',
  ].join('\n');
  expect(read(text).map((each) => each.version)).toEqual(['1.2.3']);
  expect(() => read(text, 'shopx')).toThrow(failure({ code: 'PathNotFound' }));
});

test.each([
  ['an empty repository', 'apiVersion: v1\nentries: {}\n'],
  ['an empty repository with nothing after the colon', 'apiVersion: v1\nentries:\n'],
  ['an index without the chart', indexOf('other', ['1.0.0'])],
  ['a chart named as a property of every object', 'entries: {}\n', 'constructor'],
])('%s does not list the chart', (_, text, chart = 'shop') => {
  expect(() => read(text, chart)).toThrow(
    failure({
      code: 'PathNotFound',
      message: `chart ${chart} is not listed in https://charts.example.com/index.yaml; correct chart or repoURL`,
    }),
  );
});

test.each([
  [
    'a bad line in the chart',
    `${indexOf('shop', ['1.0.0'])}`.replace('    - shop-1.0.0.tgz', '    - "shop'),
    22,
  ],
  ['bad YAML', 'apiVersion: v1\nentries: {\n  shop: [\n', 4],
  ['bad JSON', '{\n"entries": {\n"shop": ]}}', 3],
])('names the line of %s', (_, text, line) => {
  expect(() => read(text)).toThrow(
    failure({
      code: 'Invalid',
      message: expect.stringContaining(`line ${line} is no valid YAML`),
    }),
  );
});

test.each([
  ['a page for people', '<html><body>Sign in</body></html>'],
  ['an empty file', ''],
  ['a list', '- entries\n'],
  ['a Kubernetes object', 'kind: ConfigMap\n'],
])('%s is no index', (_, text) => {
  expect(() => read(text)).toThrow(failure({ code: 'Invalid' }));
});

test.each([
  ['a YAML bomb', `entries:\n  a: &a [x,x]\n${bomb()}\n  shop: *j\n`],
  ['a YAML bomb in one line', `entries: {a: &a [x,x],${bomb().replaceAll('\n', ',')}, shop: *j}`],
  ['thousands of brackets', `entries: {shop: ${'['.repeat(20_000)}`],
  ['an anchor that nobody has set', 'entries:\n  shop:\n  - version: *a\n'],
])('survives %s', (_, text) => {
  expect(() => read(text)).toThrow(failure({ code: 'Invalid' }));
});

function bomb(): string {
  const names = 'abcdefghij';
  return [...names.slice(1)]
    .map((name, index) => `  ${name}: &${name} [${Array(9).fill(`*${names[index]}`).join(',')}]`)
    .join('\n');
}

test('reads one chart out of an index of ten megabytes without parsing the rest', () => {
  const item = (name: string, at: number) =>
    `  - description: ${'x'.repeat(400)}\n    digest: ${entry.digest}\n    urls:\n    - ${name}-${at}.tgz\n    version: 1.0.${at}\n`;
  const charts = Array.from({ length: 200 }, (_, chart) => {
    const items = Array.from({ length: 100 }, (_, at) => item(`c${chart}`, at));
    return `  c${chart}:\n${items.join('')}`;
  });
  const text = `entries:\n${charts.join('')}`;
  // A YAML parser needs many seconds for all of it, and does not get more than the limit.
  expect(text.length).toBeGreaterThan(2 * defaultLimits.chartEntriesLength);
  expect(read(text, 'c150')).toHaveLength(100);
});

test('refuses a chart with more entries than it wants to read', () => {
  const limits = { ...defaultLimits, chartEntriesLength: 500 };
  const text = indexOf('shop', ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4', '1.0.5', '1.0.6']);
  expect(() => readIndex(text, { chart: 'shop', url, limits })).toThrow(failure({ code: 'Limit' }));
});
