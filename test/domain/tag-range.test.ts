import { highestTag, isInTagRange, tagRange } from '../../src/domain/tag-range';

// Rows of Argo CD's table about tags and target revisions; see NOTICE.
test.each([
  ['1.*', '1.1.0', true],
  ['refs/tags/1.*', '1.1.0', true],
  ['refs/tags/1.*', 'refs/tags/1.1.0', true],
  ['1.*', '2.0.0', false],
  ['1.*', 'dev', false],
  ['dev', 'dev', false],
  ['1.1.0', '1.1.0', false],
  ['', '1.1.0', false],
])('the range %j may choose tag %s: %s', (targetRevision, tag, expected) => {
  expect(isInTagRange(targetRevision, tag)).toBe(expected);
});

// Rows of Argo CD's tests of tags and constraints; see NOTICE.
const refs = ['0.7.1', '0.5.4', '0.5.3', '0.7.2', '0.5.2', '0.5.1', '0.5.0', '2024.03-LTS-RC19'].map(
  (tag) => `refs/tags/${tag}`,
);
test.each([
  ['> 0.5.3', '0.7.2'],
  ['> 0.0.0', '0.7.2'],
  ['>0.5.0,<0.7.0', '0.5.4'],
  ['0.7.*', '0.7.2'],
  ['0.7.x', '0.7.2'],
  ['*', '0.7.2'],
  ['*-0', '2024.03-LTS-RC19'],
  ['= 0.5.3', '0.5.3'],
  ['1.*', undefined],
])('of the tags, %s chooses %s', (targetRevision, expected) => {
  const highest = highestTag(['refs/heads/0.7.9', ...refs], tagRange(targetRevision) ?? []);
  expect(highest).toBe(expected === undefined ? undefined : `refs/tags/${expected}`);
});

test.each([
  '0.5.3',
  'v1',
  '1.2',
  '2024.03-LTS-RC19',
  'main',
  'HEAD',
  'refs/heads/1.*',
  'refs/tags/v1.2.3',
  '',
])('%j is no range', (targetRevision) => {
  expect(tagRange(targetRevision)).toBeUndefined();
});
