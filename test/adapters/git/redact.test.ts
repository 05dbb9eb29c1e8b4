import { redact } from '../../../src/adapters/git/redact';

test.each([
  [
    "fatal: Authentication failed for 'https://bot:s3cr3t@example.com/r'",
    "fatal: Authentication failed for 'https://***@example.com/r'",
  ],
  ['https://bot:p@ss@example.com/r', 'https://***@example.com/r'],
  ['https://ghp_0123456789abcdef@github.com/r', 'https://***@github.com/r'],
  [`token ghp_${'0123456789abcdefABCD'} is bad`, 'token *** is bad'],
  ['glpat-abcDEF_123456789.01.x', '***'],
  ['github_pat_11ABCDEFG_0123456789', '***'],
  ['> Authorization: Basic dXNlcjpwYXNz', '> Authorization: ***'],
  ['authorization: Bearer abc.def', 'authorization: ***'],
  ['GET /x?private_token=abc123&y=1', 'GET /x?private_token=***&y=1'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----', '***'],
  ['git@example.com:org/repo at 0123456789abcdef', 'git@example.com:org/repo at 0123456789abcdef'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test('takes known secrets out, the longest first', () => {
  expect(redact('a hunter22 b hunter22-more c', ['hunter22', 'hunter22-more', 'a', ''])).toBe(
    'a *** b *** c',
  );
});
