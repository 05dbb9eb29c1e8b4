import { editDistance, suggestionFor } from '../../src/domain/read-suggestion';

test.each([
  ['', '', 0],
  ['pause', 'pause', 0],
  ['paus', 'pause', 1],
  ['pausse', 'pause', 1],
  ['pouse', 'pause', 1],
  ['puase', 'pause', 1],
  ['setWieght', 'setWeight', 1],
  ['abc', '', 3],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('from "%s" to "%s" it is %i slips', (a, b, expected) => {
  expect(editDistance(a, b)).toBe(expected);
});

test.each([
  ['maxsurge', ['maxSurge', 'steps'], 'maxSurge'],
  ['maxSurg', ['maxSurge', 'steps'], 'maxSurge'],
  ['MAXSURGE', ['maxSurge', 'steps'], 'maxSurge'],
  ['mxSurg', ['maxSurge', 'steps'], 'maxSurge'],
  ['surge', ['maxSurge', 'steps'], undefined],
  ['ref', ['path', 'helm'], undefined],
  ['hlm', ['path', 'helm'], 'helm'],
  ['x', [], undefined],
])('for "%s" of %j it suggests %s', (word, known, expected) => {
  expect(suggestionFor(word, known)).toBe(expected);
});
