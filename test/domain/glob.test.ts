import { matchesGlob, matchesOrDenies } from '../../src/domain/glob';

test.each([
  ['*', 'anything/at all', undefined, true],
  ['*', 'one/two', '/', false],
  ['**', 'one/two', '/', true],
  ['https://git.example/*', 'https://git.example/team', '/', true],
  ['https://git.example/*', 'https://git.example/team/shop', '/', false],
  ['https://git.example/**', 'https://git.example/team/shop', '/', true],
  ['team-*', 'team-a', undefined, true],
  ['team-*', 'a-team-a', undefined, false],
  ['team-?', 'team-ab', undefined, false],
  ['{dev,test}-*', 'test-1', undefined, true],
  ['{dev,test}-*', 'prod-1', undefined, false],
  ['shop-[a-c]', 'shop-b', undefined, true],
  ['shop-[!a-c]', 'shop-b', undefined, false],
  ['shop-[!a-c]', 'shop-d', undefined, true],
  ['a.c', 'abc', undefined, false],
  ['a\\*c', 'a*c', undefined, true],
  ['a\\*c', 'abc', undefined, false],
  ['', '', undefined, true],
  ['', 'a', undefined, false],
  ['a,b', 'a,b', undefined, true],
  ['(a|b)+$', '(a|b)+$', undefined, true],
  ['open[', 'open[', undefined, false],
  ['open{a', 'open{a', undefined, false],
  ['[c-a]', 'b', undefined, false],
  ['a\\', 'a', undefined, false],
] as const)('the glob %s of %s (separator %s): %s', (pattern, text, separator, expected) => {
  expect(matchesGlob(pattern, text, separator)).toBe(expected);
});

test.each([
  ['!kube-*', 'kube-system', false],
  ['!kube-*', 'shop', true],
  ['*', 'a/b', true],
  ['!*', 'a', false],
] as const)('%s of %s, which may deny: %s', (pattern, text, expected) => {
  expect(matchesOrDenies(pattern, text, '/')).toBe(expected);
});
