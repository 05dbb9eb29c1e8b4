import { wrong } from '../../../src/adapters/metrics/failure';
import { firstAt } from '../../../src/adapters/metrics/json-path';
import { parseJsonPath } from '../../../src/adapters/metrics/json-path-parse';

const root = {
  ok: true,
  nothing: null,
  data: { rate: 0.5, 'a.b': 'dotted', "it's": 'quoted', list: [1, 2, 3, 4] },
  items: [
    { name: 'a', value: 1, ready: true },
    { name: 'b', value: 2, tags: { x: 'y' } },
    { name: 'c', value: 10, ready: false },
  ],
  deep: [[{ name: 'deep' }]],
};

// Where k8s.io/client-go/util/jsonpath 0.36 finds something in this object, it is the same; it refuses some of these paths.
test.each([
  ['{$}', root],
  ['{}', root],
  ['{.}', root],
  ['{@}', root],
  [' { $.ok } ', true],
  ['{.nothing}', null],
  ['{$.data.rate}', 0.5],
  ['{.data.rate}', 0.5],
  ["{$['data']['rate']}", 0.5],
  ['{$["data"].rate}', 0.5],
  ["{.data['a.b']}", 'dotted'],
  ['{.data.a\\.b}', 'dotted'],
  ["{.data['it\\'s']}", 'quoted'],
  ['{.data.list[0]}', 1],
  ['{.data.list[-1]}', 4],
  ['{.data.list[1:]}', 2],
  ['{.data.list[1:2]}', 2],
  ['{.data.list[-2:]}', 3],
  ['{.data.list[1::2]}', 2],
  ['{.data.list[3,0]}', 4],
  ['{.data.list[*]}', 1],
  ["{.data['rate','a.b']}", 0.5],
  ['{.items[*].tags.x}', 'y'],
  ['{.data.*}', 0.5],
  ['{..name}', 'a'],
  ['{.deep..name}', 'deep'],
  ['{..tags.x}', 'y'],
  ['{.items[?(@.name=="b")].value}', 2],
  ["{.items[?(@.name != 'a')].value}", 2],
  ['{.items[?(@.value > 2)].name}', 'c'],
  ['{.items[?(@.value>=10)].name}', 'c'],
  ['{.items[?(@.value < 2)].name}', 'a'],
  ['{.items[?(@.value <= 2)].name}', 'a'],
  ['{.items[?(@.tags)].name}', 'b'],
  ['{.items[?(@.tags.x=="y")].name}', 'b'],
  ['{.items[?(@.ready==false)].name}', 'c'],
  ['{.items[?(@.value==1.0)].name}', 'a'],
])('%s finds %j', (path, expected) => {
  expect(firstAt(parseJsonPath(path), root)).toEqual(expected);
});

test.each([
  ['{.rate}', 'jsonPath: rate is not in the answer'],
  ['{.data.rate.more}', 'jsonPath: more is not in the answer'],
  ['{.toString}', 'jsonPath: toString is not in the answer'],
  ['{.items.name}', 'jsonPath: name is not in the answer'],
  ['{.data.list[4]}', 'jsonPath: index 4 is beyond the 4 items in the answer'],
  ['{.data.list[-5]}', 'jsonPath: index -5 is beyond the 4 items in the answer'],
  ['{.data[0]}', 'jsonPath: there is no list in the answer where an index stands'],
  ['{.items[?(@.name=="z")]}', 'jsonPath finds nothing in the answer'],
  ['{.items[?(@.name==1)]}', 'jsonPath finds nothing in the answer'],
  ['{.ok[*]}', 'jsonPath finds nothing in the answer'],
])('%s is wrong for an answer: %s', (path, message) => {
  expect(() => firstAt(parseJsonPath(path), root)).toThrow(wrong(message));
});

test.each([
  ['$.data', 'it stands in braces, as in {$.data.value}'],
  ['rate: {.data}', 'it stands in braces, as in {$.data.value}'],
  ['{.a}{.b}', '"}{.b" is not understood'],
  ['{range .items[*]}{.name}{end}', '"range .items[*]}{.na" is not understood'],
  ['{.a[}', 'it ends too early'],
  ['{.a[?(@.b && @.c)]}', '"&& @.c)]" is not understood'],
  ['{.a[?(@.b =~ /x/)]}', '"=~ /x/)]" is not understood'],
  ['{.a[0:4:0]}', '"]" is not understood'],
  ['{.a.b()}', '"()" is not understood'],
  ['{.a | length}', '" | length" is not understood'],
])('%s is refused: %s', (path, why) => {
  const message = `jsonPath ${path} cannot be used: ${why}`;
  expect(() => parseJsonPath(path)).toThrow(wrong(message));
});

test('goes down an answer of any depth', () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(5_000)}{"found":1}${'}'.repeat(5_000)}`);
  expect(firstAt(parseJsonPath('{..found}'), deep)).toBe(1);
});
