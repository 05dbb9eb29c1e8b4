import { redact, withoutSecrets } from '../../src/domain/redact';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhY21lIn0.c2lnbmF0dXJl_-x';

test.each([
  [
    "fatal: Authentication failed for 'https://bot:s3cr3t@example.com/r'",
    "fatal: Authentication failed for 'https://***@example.com/r'",
  ],
  ['https://bot:p@ss@example.com/r', 'https://***@example.com/r'],
  ['https://ghp_0123456789abcdef@github.com/r', 'https://***@github.com/r'],
  ['cannot pull oci://user:pw@registry.example/x', 'cannot pull oci://***@registry.example/x'],
  [`token ghp_${'0123456789abcdefABCD'} is bad`, 'token *** is bad'],
  ['glpat-abcDEF_123456789.01.x', '***'],
  ['github_pat_11ABCDEFG_0123456789', '***'],
  [`key ${'AKIA'}ABCDEFGHIJKLMNOP of AWS`, 'key *** of AWS'],
  [`hook xoxb-${'1234567890-abcdef'}`, 'hook ***'],
  [`token ${jwt} has expired`, 'token *** has expired'],
  ['> Authorization: Basic dXNlcjpwYXNz', '> Authorization: ***'],
  ['authorization: Bearer abc.def', 'authorization: ***'],
  ['{"authorization":"Bearer abc.def","accept":"a"}', '{"authorization":"***","accept":"a"}'],
  ['Proxy-Authorization: Digest abc', 'Proxy-Authorization: ***'],
  ['PRIVATE-TOKEN: abcdef', 'PRIVATE-TOKEN: ***'],
  ['DD-API-KEY: abcdef', 'DD-API-KEY: ***'],
  ['GET /x?private_token=abc123&y=1', 'GET /x?private_token=***&y=1'],
  ['GET /x?y=1&X-Amz-Signature=abc123', 'GET /x?y=1&X-Amz-Signature=***'],
  ['helm --set password=abc', 'helm --set password=***'],
  ['POST client_secret=abc&grant_type=x', 'POST client_secret=***&grant_type=x'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----', '***'],
  ['-----BEGIN PRIVATE KEY-----\nabc and its end was cut', '***'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  ['git@example.com:org/repo at 0123456789abcdef'],
  ['image registry.example/web@sha256:0123456789abcdef'],
  ['https://charts.example.com/web@1.2.3'],
  ['the token of example.com is missing; renew the password in file /run/secrets/token'],
  ['apps/v1 Deployment shop/web-canary: 3 of 4 pods are ready'],
])('%j stays', (text) => {
  expect(redact(text)).toBe(text);
});

test('takes known secrets out, the longest first', () => {
  expect(redact('a hunter22 b hunter22-more c', ['hunter22', 'hunter22-more', 'a', ''])).toBe(
    'a *** b *** c',
  );
  expect(withoutSecrets('password=abcd', ['abcd'])).toBe('password=***');
});
